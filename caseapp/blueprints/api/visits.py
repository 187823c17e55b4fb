"""Visits: what is due, recording one or a round, voiding."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from marshmallow import fields

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_answer, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import Invalid, NotFound
from caseapp.core.paging import Page
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Visit
from caseapp.queries.casework import cases, clients, due
from caseapp.queries.casework import visits as queries
from caseapp.schemas.casework.visit import (
    AmendVisitSchema,
    DueOut,
    MoveVisitSchema,
    RecordRoundSchema,
    RecordVisitSchema,
    RoundOut,
    VisitOut,
    VoidVisitSchema,
)
from caseapp.schemas.values import Day, DivisionCode, optional_code
from caseapp.services.casework import rounds
from caseapp.services.casework import visits as service
from caseapp.services.trust import audit

bp = api_blueprint("visits", __name__, "Visits of persons on file, with or without a case.")


class DueQuery(ListQuery):
    """Until when, whose, where."""

    due_before = Day(past=False, load_default=None, allow_none=True)
    worker = fields.UUID(load_default=None)
    village = DivisionCode()
    risk = optional_code("risk")


@bp.get("/visits")
@bp.arguments(DueQuery, location="query")
@bp.response(200, page_of(DueOut))
@requires(Permission.VISIT_READ)
def index(query: dict[str, Any]) -> Any:
    """Persons whose next visit is due before a day, the earliest first, each with the reason."""
    before = query["due_before"] - timedelta(days=1) if query["due_before"] else date.max
    wanted = queries.DueFilter(before=before, worker_id=query["worker"], village=query["village"], risk=query["risk"])
    return page_answer(queries.due(wanted, query["cursor"], query["limit"]), lambda rows: [_due(row) for row in rows])


@bp.get("/clients/<uuid:client_id>/visits")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(VisitOut))
@requires(Permission.VISIT_READ)
def of_client(query: dict[str, Any], client_id: UUID) -> Any:
    """A person's visits, the latest first."""
    client = clients.opened(client_id, the_actor(), Permission.VISIT_READ)
    return _page(queries.of_client(client, query["cursor"], query["limit"]))


@bp.post("/clients/<uuid:client_id>/visits")
@bp.arguments(RecordVisitSchema)
@bp.response(201, VisitOut)
@requires(Permission.VISIT_WRITE)
def new(command: Any, client_id: UUID) -> Any:
    """Records a visit of a person, and of others who were there."""
    client = clients.opened(client_id, the_actor(), Permission.VISIT_WRITE)
    visit = service.record_visit(command, client, the_actor())
    return created(_one(visit.id), "api_visits.show", visit_id=visit.id)


@bp.get("/cases/<uuid:case_id>/visits")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(VisitOut))
@requires(Permission.VISIT_READ)
def of_case(query: dict[str, Any], case_id: UUID) -> Any:
    """A case's visits, the latest first."""
    case = cases.opened(case_id, the_actor())
    return _page(queries.of_case(case, query["cursor"], query["limit"]))


@bp.post("/cases/<uuid:case_id>/visits")
@bp.arguments(RecordVisitSchema)
@bp.response(201, VisitOut)
@requires(Permission.VISIT_WRITE)
def new_of_case(command: Any, case_id: UUID) -> Any:
    """Records a visit of the person of a case, for that case."""
    case = cases.opened(case_id, the_actor(), Permission.VISIT_WRITE)
    if case.client is None:
        raise Invalid(_l("A household's visit is recorded for one of its persons."), "case_id")
    visit = service.record_visit(replace(command, case_id=case.id), case.client, the_actor())
    return created(_one(visit.id), "api_visits.show", visit_id=visit.id)


@bp.post("/visits/round")
@bp.arguments(RecordRoundSchema)
@bp.response(201, RoundOut)
@requires(Permission.VISIT_WRITE)
def new_round(command: Any) -> Any:
    """Records visits to several persons on one way, all or none."""
    round_id, _made = rounds.record_round(command, the_actor())
    return created(_round(round_id), "api_visits.round_shown", round_id=round_id)


@bp.get("/visits/round/<uuid:round_id>")
@bp.response(200, RoundOut)
@requires(Permission.VISIT_READ)
def round_shown(round_id: UUID) -> Any:
    """The visits that one round wrote, as far as the caller sees them."""
    return _round(round_id)


@bp.get("/visits/<uuid:visit_id>")
@bp.response(200, VisitOut)
@requires(Permission.VISIT_READ)
def show(visit_id: UUID) -> Any:
    """One visit."""
    visit = _loaded(visit_id)
    audit.opened(db.session, visit, "visit.opened")
    return _out(visit)


@bp.post("/visits/<uuid:visit_id>/void")
@bp.arguments(VoidVisitSchema)
@bp.response(200, VisitOut)
@requires(Permission.VISIT_VOID)
def void(command: Any, visit_id: UUID) -> Any:
    """Takes a visit out of every count, with a reason."""
    visit = service.void_visit(command, _loaded(visit_id), the_actor())
    return shown(_one(visit.id), "api_visits.show", visit_id=visit.id)


@bp.post("/visits/<uuid:visit_id>/move")
@bp.arguments(MoveVisitSchema)
@bp.response(200, VisitOut)
@requires(Permission.VISIT_VOID)
def move(command: Any, visit_id: UUID) -> Any:
    """Puts a visit on the day it really took place: the old one is voided, the answer is the new one."""
    visit = service.move_visit(command, _loaded(visit_id), the_actor())
    return shown(_one(visit.id), "api_visits.show", visit_id=visit.id)


@bp.patch("/visits/<uuid:visit_id>")
@bp.arguments(AmendVisitSchema)
@bp.response(200, VisitOut)
@requires(Permission.VISIT_WRITE)
def amend(command: Any, visit_id: UUID) -> Any:
    """Other words and findings of a young visit, by its author."""
    visit = service.amend_visit(command, _loaded(visit_id), the_actor())
    return shown(_one(visit.id), "api_visits.show", visit_id=visit.id)


def _due(row: Client) -> dict[str, Any]:
    names = ("file_no", "name", "risk", "residence_code", "worker_id", "next_visit_on", "last_visit_on", "last_met_on")
    facts = {name: getattr(row, name) for name in names}
    return {**facts, "client_id": row.id, "rule": row.next_visit_rule, "why": due.sentence(row), "last_outcome": row.last_outcome}


def _round(round_id: UUID) -> dict[str, Any]:
    found = queries.of_round(round_id)
    if not found:
        raise NotFound()
    done = queries.services_of(found)
    return {"round_id": round_id, "visits": [_out(visit, done) for visit in found]}


def _page(found: Page[Visit]) -> dict[str, Any]:
    done = queries.services_of(found.items)
    return page_answer(found, lambda rows: [_out(row, done) for row in rows])


def _loaded(visit_id: UUID) -> Visit:
    return queries.one(visit_id)


def _one(visit_id: UUID) -> dict[str, Any]:
    return _out(_loaded(visit_id))


def _out(visit: Visit, done: dict[UUID, list[str]] | None = None) -> dict[str, Any]:
    """A visit as `VisitOut` reads it, with the codes of its services."""
    codes = (done if done is not None else queries.services_of([visit])).get(visit.id, [])
    known = {name: getattr(visit, name) for name in VisitOut().fields if name not in ("persons", "services")}
    return {**known, "persons": visit.persons, "services": codes}
