"""Today of who reads no files: what waits for them, each with one act; what changed since they were last here.

An alert stands only for what this role can end, and goes when it is done.
"""

from datetime import datetime
from typing import Any

from flask import url_for

from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.blueprints.audit import days as sign_words
from caseapp.blueprints.http.filters import long_date
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.people import waiting_words
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.today import overview
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import Quarter
from caseapp.core.text import _, ngettext
from caseapp.models.statistics.preparation import OPEN
from caseapp.queries.organisation import divisions, grants, own, waiting
from caseapp.queries.statistics import preparations, published
from caseapp.queries.trust import signs
from caseapp.services.organisation import codes
from caseapp.services.statistics.exports import quarter_words

PATIENCE = 3  # days that a decision on a role may wait before it is called late


def office() -> Any:
    """The page of bureaus, administrators and auditors."""
    actor = the_actor()
    since = own.last_here(actor)
    glance = overview.glance() if actor.may(P.FIGURES_READ) else None
    return page(
        "today/office.html",
        alerts=alerts(actor),
        since=since,
        changes=changes(actor, since),
        role=ROLES.get(actor.role),
        glance=glance,
        actor=actor,
    )


def alerts(actor: Actor) -> list[dict[str, Any]]:
    """Everything that waits for this role, what waits longest first within its kind."""
    found: list[dict[str, Any]] = []
    if actor.may(P.GRANT_CONFIRM):
        found += _confirmations(actor)
    if actor.may(P.RELEASE_MAKE):
        found += _unreleased(actor)
    if actor.may(P.ORGANISATION_MANAGE):
        found += _divisions(actor) + _headless(actor)
    if actor.may(P.ACCOUNT_MANAGE):
        found += _never_came(actor)
    if actor.may(P.AUDIT_REVIEW):
        found += _signs(actor)
    return found


def changes(actor: Actor, since: datetime) -> list[dict[str, Any]]:
    """What others did since then that this role has to know: releases, yes and no to roles."""
    found: list[dict[str, Any]] = []
    if actor.may(P.FIGURES_READ):
        for release in published.releases(actor, limit=3).items:
            if release.published_at >= since:
                said = _("%(quarter)s was released", quarter=quarter_words(release.period))
                url = url_for("statistics.release", release_id=release.id)
                found.append({"said": said, "at": release.published_at, "url": url})
    if actor.may(P.GRANT_CONFIRM) or actor.may(P.GRANT_PROPOSE):
        for row in waiting.decided(actor, since):
            words = {"name": row.name, "role": ROLES[row.role].label}
            said = _("%(name)s: %(role)s confirmed", **words) if row.agreed else _("%(name)s: %(role)s refused", **words)
            place = url_for("admin.account", user_id=row.user_id) if actor.may(P.ACCOUNT_MANAGE) else None
            found.append({"said": said, "at": row.at, "url": place})
    return sorted(found, key=lambda change: change["at"], reverse=True)


def _alert(name: str, why: str, act: str, url: str, *, who: str = "", late: str | None = None) -> dict[str, Any]:
    return {"name": name, "url": url, "who": who, "late": late, "why": why, "act": act, "act_url": url}


def _confirmations(actor: Actor) -> list[dict[str, Any]]:
    url, found = url_for("admin.confirmations"), []
    for told in grants.waiting(actor):
        places = _(", ").join(place.short_name for place in told.places)
        since, late = _waited(told.grant.proposed_at)
        who = f"{ROLES[told.grant.role].label}{_(', ')}{places}"
        found.append(_alert(told.user.name, since or _("a role to confirm"), _("Decide"), url, who=who, late=late))
    for row, user in codes.waiting(actor):
        since, late = _waited(row.made_at)
        why = since or _("valid until %(day)s", day=long_date(row.expires_at))
        found.append(_alert(user.name, why, _("Decide"), url, who=_("code for a forgotten password"), late=late))
    return found


def _waited(since: datetime) -> tuple[str, str | None]:
    """How long it has waited: as a reason, or as what is late."""
    days = (clock.today() - clock.local(since).date()).days
    return ("", waiting_words(since)) if days > PATIENCE else (waiting_words(since), None)


def _unreleased(actor: Actor) -> list[dict[str, Any]]:
    """What a colleague has prepared; the last quarter that is over, while nobody has begun its release and others are out."""
    quarter, held = Quarter.of(clock.today()).before(), published.periods(actor)
    under_way = [row for row in preparations.latest(actor) if row.state in OPEN]
    found = [
        _alert(
            quarter_words(row.period),
            _("prepared by %(name)s, waits for a second person", name=row.made_by),
            _("Look and decide"),
            url_for("statistics.preparation", preparation_id=row.id),
        )
        for row in under_way
        if row.state == "ready" and row.made_by_id != actor.user_id
    ]
    if not held or str(quarter) in held or any(row.period == str(quarter) for row in under_way):
        return found
    late = ngettext("over for %(num)s day", "over for %(num)s days", (clock.today() - quarter.last_day).days)
    url = url_for("statistics.releases") + "#publish"
    return [*found, _alert(quarter_words(str(quarter)), _("not released yet"), _("Prepare the quarter"), url, late=late)]


def _divisions(actor: Actor) -> list[dict[str, Any]]:
    due = divisions.due_count(actor)
    if not due:
        return []
    name = ngettext("%(num)s change of divisions is due", "%(num)s changes of divisions are due", due)
    return [_alert(name, _("Stations and names follow when it is carried out"), _("Carry out"), url_for("admin.divisions"))]


def _headless(actor: Actor) -> list[dict[str, Any]]:
    why = _("Nobody heads this station, so no role there can be confirmed: propose a head")
    return [
        _alert(row.short_name, why, _("Open"), url_for("admin.organisation", organisation_id=row.id))
        for row in waiting.headless(actor)
    ]


def _never_came(actor: Actor) -> list[dict[str, Any]]:
    why = _("The first code ran out unused")
    return [
        _alert(user.name, why, _("New code"), url_for("admin.new_code", user_id=user.id), who=user.username)
        for user in waiting.never_came(actor)
    ]


def _signs(actor: Actor) -> list[dict[str, Any]]:
    return [
        _alert(
            sign.user.name,
            long_date(sign.day),
            _("Look at it"),
            sign_words.address(sign),
            who=sign_words.sentence(sign.sign, sign.count),
        )
        for sign in signs.waiting(actor)
    ]
