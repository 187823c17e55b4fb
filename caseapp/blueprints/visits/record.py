"""Recording a visit and showing one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.visits.blueprint import bp
from caseapp.blueprints.visits.shared import age_on, code_word, day_words, tag, trace, uuid_or_none, words
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.visit import VisitForm
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import due, due_facts
from caseapp.queries.casework import visits as q
from caseapp.queries.organisation import villages
from caseapp.services.casework import visits
from caseapp.services.trust import audit


@bp.get("/visits/choose")
@requires(P.VISIT_WRITE)
def choose() -> Any:
    """Whom the visit was to: the search, and who is due."""
    soon = q.due(q.DueFilter(before=clock.today() + timedelta(days=7)), request.args.get("cursor"))
    return page(
        "visits/choose.html",
        soon=soon,
        places=villages.names(c.residence_code for c in soon.items),
        sentence=due.sentence,
        **words(),
    )


@bp.route("/visits/new", methods=["GET", "POST"])
@requires(P.VISIT_WRITE)
def new() -> Any:
    """The visit form of one person."""
    wanted = uuid_or_none(request.args.get("client"))
    if wanted is None:
        return redirect(url_for(".choose"))
    actor = the_actor()
    client = q.client(wanted)
    policy.require(actor, P.VISIT_WRITE, client)
    ready = q.prepare(client)
    form = _form(client, ready)
    if form.validate_on_submit():
        visit = attempt(form, visits.record_visit, form.command, client, actor)
        if visit:
            flash(_saved_words(client), "ok")
            return redirect(url_for(".show", visit_id=visit.id))
        db.session.rollback()
        client = q.client(wanted)
        ready = q.prepare(client)
    audit.opened(db.session, client, "client.visit_form")
    return page(
        "visits/new.html",
        form=form,
        client=client,
        ready=ready,
        case=_case(ready, form),
        proposals=_proposals(client, ready, form),
        place=villages.names([client.residence_code]).get(client.residence_code or "", ""),
        age=age_on(client),
        **words(),
    )


@bp.get("/visits/<uuid:visit_id>")
@requires(P.VISIT_READ)
def show(visit_id: UUID) -> Any:
    """One visit."""
    actor = the_actor()
    found = q.visit_page(visit_id)
    policy.require(actor, P.VISIT_READ, found.visit)
    audit.opened(db.session, found.visit, "visit.opened")
    return page(
        "visits/show.html",
        it=found,
        client=next((one for one in found.clients.values() if one.klass == "minor"), None),
        may_undo=visits.may_undo(found.visit, actor),
        may_amend=found.visit.worker_id == actor.user_id
        and visits.is_young(found.visit)
        and found.visit.voided_at is None
        and policy.may(actor, P.VISIT_WRITE, found.visit),
        sentence=due.sentence,
        reason_words=q.reason_words,
        **words(),
    )


@bp.get("/visits/<uuid:visit_id>/sheet")
@requires(P.VISIT_READ)
def sheet(visit_id: UUID) -> Any:
    """The visit on paper, with signature lines."""
    found = q.visit_page(visit_id)
    policy.require(the_actor(), P.VISIT_READ, found.visit)
    audit.opened(db.session, found.visit, "visit.printed")
    return page("visits/sheet.html", it=found, reason_words=q.reason_words, trace=trace(), **words())


def _form(client: Client, ready: q.Preparation) -> VisitForm:
    """The form with its choices; presets only where nothing was sent."""
    form = VisitForm()
    if not form.is_submitted():
        form.happened_on.data = clock.today().isoformat()
        form.services.data = list(ready.presets)
        form.risk.data = ""
        form.kind.data = "home"
        form.next_choice.data = "proposed"
        usual = [case for case in ready.cases if case.klass != "P3"]  # a visit in a restricted file does not count for the person
        if len(usual) == 1:
            form.case_id.data = str(usual[0].id)
        asked = request.args.get("case")
        if asked and any(str(case.id) == asked for case in ready.cases):
            form.case_id.data = asked
        for other in ready.company:
            form.others.append_entry({"client_id": str(other.id), "outcome": ""})
    case = _case(ready, form)
    form.offer(
        items=_items(ready),
        risk=(case or client).risk,
        cases=[
            (str(c.id), _("%(no)s, %(status)s", no=c.case_no, status=code_word("case_status", c.status))) for c in ready.cases
        ],
        labels={"proposed": _("As proposed"), "earlier": _("One week earlier"), "other": _("Another day")},
        domains=sorted(ready.domains),
    )
    return form


def _case(ready: q.Preparation, form: VisitForm) -> Case | None:
    return next((case for case in ready.cases if str(case.id) == form.case_id.data), None)


def _items(ready: q.Preparation) -> list[tuple[str, str]]:
    """Catalogue items of the person's domains, all where none is known: promised or usual ones first."""
    pairs = [
        (item.code, item.label(tag()))
        for item in reference.catalogue()
        if not ready.domains or item.domain in ready.domains or item.code in ready.presets
    ]
    return sorted(pairs, key=lambda pair: (pair[0] not in ready.presets, pair[0]))


def _proposals(client: Client, ready: q.Preparation, form: VisitForm) -> dict[str, tuple[str, str]]:
    """What the next date would be after each outcome: outcome → (day in words, why)."""
    case = _case(ready, form)
    facts = due_facts.of_cases([case])[0] if case else due_facts.of_clients([client])[0]
    rules = due.rules_in_force()
    found = {}
    for outcome in ("done", "family_only", "not_met"):
        after = due.next_due(due_facts.after_visit(facts, clock.today(), outcome), rules)
        found[outcome] = (day_words(after.on) if after.on else _("no date by rule"), due.words(after))
    return found


def _saved_words(client: Client) -> str:
    if client.next_visit_on is None:
        return _("Visit saved.")
    return _("Visit saved. Next visit on %(day)s.", day=day_words(client.next_visit_on))
