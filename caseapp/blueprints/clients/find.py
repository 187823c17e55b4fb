"""Finding people: the list with its filters, the search in a POST body, the warning while a name is typed."""

from typing import Any

from flask import render_template, request, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.duplicates.words import REASONS
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.filters import label, tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page, wants_fragment
from caseapp.blueprints.http.people import tag_words
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import identity_numbers
from caseapp.core.identity_numbers import BadIdentityNumber
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.client.parts import ClientFilterForm, SearchForm
from caseapp.forms.fields import words
from caseapp.queries.casework import recent
from caseapp.queries.casework.cases import lists as case_lists
from caseapp.queries.casework.clients import duplicates, lists, search
from caseapp.queries.organisation import places, villages, workers
from caseapp.schemas.values import PartialBirth
from caseapp.services.trust import audit


@bp.get("/clients")
@requires(Permission.CLIENT_READ)
def index() -> Any:
    """People on file, by name or by the next visit."""
    form, wanted = ClientFilterForm.read(request.args)
    actor = the_actor()
    known = dict(villages.choices(actor))
    people = dict(workers.of(actor))
    _offer(form, known, people)
    found = lists.listed(wanted, request.args.get("cursor"))
    chosen: dict[str, Any] = {name: value for name, value in request.args.items() if name not in ("cursor", "draft") and value}
    next_url = url_for(".index", **{**chosen, "cursor": found.next}) if found.next else None
    return page(
        "clients/index.html",
        form=None,
        filters=form,
        wanted=wanted,
        rows=found.items,
        next_url=next_url,
        first_url=url_for(".index", **chosen) if request.args.get("cursor") else None,
        chosen=_chosen(wanted, chosen, known, people),
        places={**known, **villages.names({row.residence_code for row in found.items} - set(known))},
        people=people,
        tag_words=tag_words,
        several=len(actor.stations) > 1,
        saved=saved.offered("clients"),
    )


def _offer(form: Any, known: dict[str, str], people: dict[Any, str]) -> None:
    language = tag()
    every = ("", _("All"))
    form.village.choices = [every, *known.items()]
    form.tag.choices = [every, *reference.group_choices(language)]
    form.worker.choices = [every, *((str(key), name) for key, name in people.items())]
    form.risk.choices = [every, *words("risk", language)]
    form.state.choices = words("client_state", language)
    form.order.choices = [("name", _("by name")), ("due", _("by next visit"))]


def _chosen(wanted: Any, given: dict[str, Any], known: dict[str, str], people: dict[Any, str]) -> list[tuple[str, str]]:
    """The filters in force, each with the address without it."""
    said = {
        "village": known.get(wanted.village or "", wanted.village),
        "tag": dict(reference.group_choices(tag())).get(wanted.tag or ""),
        "worker": people.get(wanted.worker),
        "risk": label("risk", wanted.risk),
        "state": label("client_state", wanted.state) if wanted.state != "on_file" else None,
    }
    return [
        (str(word), url_for(".index", **{k: v for k, v in given.items() if k != name})) for name, word in said.items() if word
    ]


@bp.route("/clients/search", endpoint="search", methods=["GET", "POST"])
@requires(Permission.CLIENT_READ, reading=True)
def search_people() -> Any:
    """Looks for a person; a script gets the first results as a list under the field."""
    form = SearchForm()
    found, communities, to_visit = [], [], request.form.get("for") == "visit" and the_actor().may(Permission.VISIT_WRITE)
    if form.is_submitted() and form.validate():
        audit.sought(db.session, form.command.q)
        found = search.find(form.command.q, the_actor(), 8 if wants_fragment() else 20)
        if not to_visit and the_actor().may(Permission.CASE_READ):  # nobody visits a community
            communities = case_lists.communities(form.command.q)
    asked = form.is_submitted()
    facts: dict[str, Any] = {
        "several": len(the_actor().stations) > 1,
        "stations": _stations([*found, *communities]),
        "rows": found,
        "communities": communities,
        "places": villages.names([*(row.residence_code for row in found), *(case.community_code for case in communities)]),
        "to_visit": to_visit,
    }
    if wants_fragment():
        return render_template("clients/found.html", **facts)
    lately = [] if asked or to_visit else recent.opened(the_actor())
    facts["stations"] |= _stations(lately)
    return page("clients/search.html", form=form, asked=asked, lately=lately, **facts)


def _stations(rows: list[Any]) -> dict[Any, str]:
    """The names of the stations of some rows, where the reader has more than one."""
    return places.short_names({row.station_id for row in rows}) if rows and len(the_actor().stations) > 1 else {}


@bp.post("/clients/duplicates")
@requires(Permission.CLIENT_READ, reading=True)
def duplicates_fragment() -> Any:
    """Who may be the same person, while a name or number is typed; nothing is said about restricted files."""
    given = request.form
    kind, number = given.get("document_kind", "111"), given.get("document_number", "")
    try:
        number = identity_numbers.check(kind, number).normalised if number else ""
    except (BadIdentityNumber, KeyError):
        number = ""
    try:
        birth = PartialBirth(allow_none=True).deserialize(given.get("birth", "")[:20] or None)
    except ValueError:
        birth = None
    wanted = duplicates.Wanted(
        given.get("name", "").strip()[:60],
        birth.on if birth else None,
        kind,
        number,
        given.get("contact_phone", "")[:30] if given.get("contact_kind") == "own" else None,
        given.get("residence_code", "")[:12] or None,
    )
    audit.sought(db.session, number or wanted.name or "")
    found = duplicates.like(wanted, the_actor())
    known = villages.names(alike.client.residence_code for alike in found)
    return render_template("clients/duplicates.html", rows=found, places=known, reasons=REASONS)
