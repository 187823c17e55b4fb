"""What surrounds every page: navigation by role, the grants one may switch to, language, unfinished notes."""

from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request, session, url_for
from flask_babel import get_locale

from caseapp import domains
from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.blueprints.http.visitor import current_actor
from caseapp.core.text import _l
from caseapp.queries.casework.referrals import boxes
from caseapp.queries.organisation import places
from caseapp.queries.trust import drafts

LANGUAGES = {"zh": ("zh-CN", str(Locale("zh").display_name)), "en": ("en", str(Locale("en").display_name))}


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: shown when its endpoint exists and the role holds the permission."""

    endpoint: str
    label: Any
    icon: str
    permission: P
    short: Any = None
    dock: int = 0  # place in the bottom bar of a phone, 0 for none
    go: bool = False
    unless: P | None = None  # not in that bar for those who hold this
    waits: bool = False  # carries how many wait for the reader's answer


NAV = (
    Entry("today.index", _l("Today"), "today", P.TODAY, dock=1),
    Entry("caseload.index", _l("Cases"), "folder", P.CASE_READ, dock=2),
    Entry("clients.index", _l("Clients"), "person", P.CLIENT_READ, _l("People"), dock=4),
    Entry("households.index", _l("Households"), "people", P.CLIENT_READ),
    Entry("team.index", _l("People of the station"), "people", P.COVER),
    Entry("duplicates.index", _l("Doubled records"), "merge", P.CLIENT_MERGE),
    Entry("visits.index", _l("Visits"), "home", P.VISIT_READ),
    Entry("visits.new", _l("Record a visit"), "plus", P.VISIT_WRITE, _l("Visit"), dock=3, go=True),
    Entry("visits.round", _l("Round"), "map", P.VISIT_WRITE),
    Entry("referrals.index", _l("Referrals"), "refer", P.REFERRAL_READ, waits=True),
    Entry("handovers.index", _l("Handovers"), "send", P.HANDOVER),
    Entry("reviews.index", _l("Reviews"), "stamp", P.REVIEW_READ, dock=2, unless=P.VISIT_WRITE),
    Entry("oversight.index", _l("Stations"), "check", P.OVERSIGHT, dock=3, unless=P.VISIT_WRITE),
    Entry("statistics.station", _l("Station figures"), "bars", P.STATION_COUNTS),
    Entry("statistics.index", _l("Statistics"), "bars", P.FIGURES_READ, dock=2),
    Entry("statistics.tables", _l("Tables"), "list", P.FIGURES_READ),
    Entry("statistics.documents", _l("Reports and circulars"), "folder", P.FIGURES_READ),
    Entry("statistics.releases", _l("Releases"), "doc", P.FIGURES_READ, dock=3),
    Entry("admin.confirmations", _l("Confirmations"), "check", P.GRANT_CONFIRM),
    Entry("admin.controls", _l("Rules of sign-in"), "lock", P.CONTROL_SET),
    Entry("admin.accounts", _l("Accounts"), "person", P.ACCOUNT_MANAGE, dock=2),
    Entry("admin.organisations", _l("Organisations"), "folder", P.ORGANISATION_MANAGE, dock=3),
    Entry("admin.asked", _l("Acts for two people"), "stamp", P.ACCOUNT_MANAGE),
    Entry("audit.index", _l("Trail"), "eye", P.AUDIT_READ, dock=2),
)


@dataclass(frozen=True)
class NavItem:
    """A navigation line ready for a template."""

    endpoint: str
    url: str
    label: Any
    icon: str
    count: int | None = None
    hot: bool = False
    current: bool = False
    go: bool = False


@dataclass
class Shell:
    """Everything `base.html` asks for; counts are set by the pages that know them."""

    nav: list[NavItem] = field(default_factory=list)
    domains: list[tuple[str, str, Any, int | None, bool]] = field(default_factory=list)
    dock: list[NavItem] = field(default_factory=list)
    grants: list[tuple[Any, Any, str, bool]] = field(default_factory=list)
    place: str = ""
    role: Any = ""
    user_name: str = ""
    drafts: int = 0
    drafts_url: str | None = None
    search_url: str | None = None
    language: str = "zh"
    html_lang: str = "zh-CN"
    other_language: tuple[str, str] = ("en", "English")
    switch_url: str | None = None
    account_url: str | None = None
    logout_url: str | None = None
    more_url: str | None = None
    demo: bool = False
    demo_age: int = 0
    signed_in: bool = False

    @staticmethod
    def language_url(tag: str) -> str:
        """Where to post the wish for a language."""
        return url_for("account.language", tag=tag)


def register(app: Flask) -> None:
    """Gives every template `shell` and `may`."""
    app.context_processor(lambda: {"shell": _LazyShell(), "may": _may, "in_charge": _in_charge})


class _LazyShell:
    """Built at first use and kept for the request, so that fragments and errors pay nothing."""

    def __getattr__(self, name: str) -> Any:
        if "shell" not in g:
            g.shell = build()
        return getattr(g.shell, name)


def _may(permission: str, row: Any = None) -> bool:
    return policy.may(current_actor(), permission, row)


def _in_charge(row: Any) -> bool:
    """Whether a person or case is the visitor's to work on, or that of somebody whose work the visitor does."""
    actor = current_actor()
    return actor is not None and actor.is_in_charge(row.worker_id, row.klass)


def language() -> str:
    """The language of this request: the user's choice, the visitor's, the browser's, Chinese; English on the command line."""
    if not has_request_context():
        return "en"
    wish = g.get("user_language") or session.get("language")
    if wish in LANGUAGES:
        return str(wish)
    return request.accept_languages.best_match(list(LANGUAGES), default="zh") or "zh"


def bare() -> Shell:
    """The shell without a visitor: the language alone, nothing from the database."""
    tag = str(get_locale() or "zh")[:2]
    other = "en" if tag == "zh" else "zh"
    return Shell(
        language=tag,
        html_lang=LANGUAGES[tag][0],
        other_language=(other, LANGUAGES[other][1]),
        demo=current_app.config["SETTINGS"].is_demo,
    )


def build() -> Shell:
    """The shell of the present visitor; one statement for somebody signed in."""
    shell = bare()
    actor = current_actor()
    if actor is None:
        return shell
    shell.signed_in, shell.user_name = True, actor.user_name
    shell.account_url, shell.logout_url = _url("account.index"), url_for("account.logout")
    shell.switch_url = url_for("account.switch")
    answers = actor.may(P.REFERRAL_ANSWER)
    grants = places.grants_of(actor, drafts.counting(actor), boxes.counting(actor) if answers else None)
    shell.grants = [(grant.id, ROLES[grant.role].label, grant.place, grant.id == actor.grant_id) for grant in grants]
    shell.place = next((place for _id, _role, place, active in shell.grants if active), "")
    shell.role = ROLES[actor.role].label if actor.role else ""
    if actor.grant_id:
        shell.drafts = grants[0].also if grants else 0
        shell.drafts_url = _url("account.drafts")
    if actor.may(P.CLIENT_READ):
        shell.search_url = _url("clients.search")
    waiting = grants[0].waiting if grants else None
    shell.nav = [_item(entry, waiting) for entry in NAV if _url(entry.endpoint) and actor.may(entry.permission)]
    if actor.may(P.CASE_READ):
        shell.domains = [
            (d.code, _url(f"{d.code}.index") or "", d.label, None, request.blueprint == d.code)
            for d in domains.all()
            if _url(f"{d.code}.index")
        ]
    shell.dock = _dock(actor)
    shell.more_url = _url("today.more")
    return shell


def _dock(actor: Any) -> list[NavItem]:
    chosen = sorted(
        (
            entry
            for entry in NAV
            if entry.dock
            and _url(entry.endpoint)
            and actor.may(entry.permission)
            and not (entry.unless and actor.may(entry.unless))
        ),
        key=lambda entry: entry.dock,
    )
    return [_item(entry, short=True) for entry in chosen][:4]


def _item(entry: Entry, waiting: int | None = None, *, short: bool = False) -> NavItem:
    return NavItem(
        endpoint=entry.endpoint,
        url=_url(entry.endpoint) or "",
        label=entry.short if short and entry.short else entry.label,
        icon=entry.icon,
        count=waiting or None if entry.waits else None,
        hot=bool(waiting and entry.waits),
        current=request.endpoint == entry.endpoint,
        go=short and entry.go,
    )


def _url(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None
