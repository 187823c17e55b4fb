"""The round of a village: choose, tick, save at once; and its list on paper."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.visits.blueprint import bp
from caseapp.blueprints.visits.shared import trace, uuid_or_none, words
from caseapp.core import clock, masking
from caseapp.core.text import _, ngettext
from caseapp.extensions import db
from caseapp.forms.casework.round import RoundForm
from caseapp.queries.casework import due
from caseapp.queries.casework import visits as q
from caseapp.queries.organisation import villages
from caseapp.schemas.casework.visit import MOST_PERSONS
from caseapp.services.casework import rounds
from caseapp.services.trust import audit

AHEAD = timedelta(days=14)
USUAL = "B1.1"  # visiting care: what a round is


@bp.route("/visits/round", methods=["GET", "POST"])
@requires(P.VISIT_WRITE)
def round() -> Any:
    """The due persons of one village on one page."""
    village = request.args.get("village", "")[:12]
    if not village:
        return page("visits/round_choose.html", villages=q.villages_due(clock.today() + AHEAD))
    form = RoundForm()
    people = _people(form, village)
    form.offer(q.domains_of(list(people)))
    if form.validate_on_submit():
        done = attempt(form, rounds.record_round, form.command, the_actor())
        if done:
            count = len(done[1])
            flash(ngettext("%(num)s visit saved.", "%(num)s visits saved.", count), "ok")
            return redirect(url_for(".round", village=village))
        db.session.rollback()
        people = q.clients(people)
    return page(
        "visits/round.html",
        form=form,
        village=village,
        place=villages.names([village]).get(village, village),
        people={str(key): client for key, client in people.items()},
        locked={str(key) for key, client in people.items() if not policy.may(the_actor(), P.VISIT_WRITE, client)},
        last=q.last_persons(people),
        sentence=due.sentence,
        **words(),
    )


@bp.get("/visits/round/sheet")
@requires(P.VISIT_WRITE)
def round_sheet() -> Any:
    """The list of a round on paper: address in full, phone masked, a column for signatures.

    Of a person with whom contact is agreed no number is printed unless it is ticked (`number`).
    """
    village = request.args.get("village", "")[:12]
    people = q.round_of(village, clock.today() + AHEAD, MOST_PERSONS)
    ticked = set(request.args.getlist("number"))
    for client in people:
        audit.opened(db.session, client, "round.printed", fields=("address",))
    return page(
        "visits/round_sheet.html",
        people=people,
        village=village,
        place=villages.names([village]).get(village, village),
        sentence=due.sentence,
        phone=lambda client: "" if client.safe_contact and str(client.id) not in ticked else _phone(client),
        ticked=ticked,
        trace=trace(),
        **words(),
    )


def _people(form: RoundForm, village: str) -> dict[Any, Any]:
    """The persons of the page: those due, or those that were sent."""
    if form.is_submitted():
        return q.clients(key for row in form.persons if (key := uuid_or_none(row.form.client_id.data)))
    due_now = q.round_of(village, clock.today() + AHEAD, MOST_PERSONS)
    cases = q.only_open_case([c.id for c in due_now])
    form.happened_on.data, form.kind.data, form.services.data = clock.today().isoformat(), "home", [USUAL]
    for client in due_now:
        form.persons.append_entry({"client_id": str(client.id), "case_id": str(cases.get(client.id, ""))})
    return {client.id: client for client in due_now}


def _phone(client: Any) -> str:
    """The first phone, masked, or in words that there is none."""
    first = next((contact for contact in client.contacts), None)
    if first is None or not first.phone:
        return _("no phone")
    return masking.mask_phone(first.phone)
