"""Cases of every domain: list, opening, changing, and the steps of the workflow."""

from typing import Any, ClassVar
from uuid import UUID

from marshmallow import fields

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.queries.casework import cases as queries
from caseapp.queries.casework.cases import lists
from caseapp.queries.casework.clients import tags as tag_queries
from caseapp.schemas.base import Code, CommandSchema, Text, WholeInt
from caseapp.schemas.casework.case import (
    AskClosingSchema,
    AssignCaseSchema,
    CaseFilter,
    CaseFilterSchema,
    CaseSchema,
    ChangeRiskSchema,
    DeclineSchema,
    OpenCaseSchema,
    RestrictSchema,
    TakeStepSchema,
)
from caseapp.schemas.casework.client.lists import TagOut
from caseapp.schemas.casework.client.parts import AddRestrictedTagSchema
from caseapp.services.casework import closing
from caseapp.services.casework.cases import restrict as restricting
from caseapp.services.casework.cases import steps, team
from caseapp.services.casework.cases.open import open_case
from caseapp.services.casework.clients import tags
from caseapp.services.trust import audit

bp = api_blueprint("cases", __name__, "Cases and their steps.")
ORDINARY = ("accept", "plan", "serve", "evaluate", "reassess", "resume", "follow_up", "archive", "reopen")


class CaseQuery(CaseFilterSchema, ListQuery):
    """The list's filters."""

    makes: ClassVar[type | None] = None  # type: ignore[assignment]  # a dict: paging beside the filters


class PatchCaseSchema(CommandSchema):
    """Changes of a case; `detail` holds members of the domain's typed part."""

    version = WholeInt(required=True)
    request = Text(allow_none=True, most=3000)
    detail = fields.Dict(keys=Code(40), load_default=dict)


def _typed(case: Case) -> dict[str, Any]:
    """The typed part of a case as its domain's schema gives it out."""
    domain = domains.get(case.domain)
    row = queries.detail_of(case, domain.detail)
    found: dict[str, Any] = domain.detail_schema(only=domain.detail_schema.typed()).dump(row) if row is not None else {}
    return found


class WholeCaseSchema(CaseSchema):
    """A case with what was asked for and the typed part of its domain (members as `PATCH` takes them)."""

    request = fields.String(required=True, allow_none=True)
    detail = fields.Function(_typed, metadata={"type": "object", "additionalProperties": True})


@bp.get("/cases")
@bp.arguments(CaseQuery, location="query")
@bp.response(200, page_of(CaseSchema))
@requires(Permission.CASE_READ)
def index(query: dict[str, Any]) -> Any:
    """Cases by the next step; `live=false` with a status lists ended ones."""
    limit, cursor = query.pop("limit"), query.pop("cursor")
    return lists.listed(CaseFilter(**query), cursor, limit)


@bp.post("/cases")
@bp.arguments(OpenCaseSchema)
@bp.response(201, WholeCaseSchema)
@requires(Permission.CASE_OPEN)
def new(command: Any) -> Any:
    """Opens a case; a crisis starts at once."""
    if command.domain not in {domain.code for domain in domains.all()}:
        raise Invalid(_l("Choose one of the answers offered."), "domain")
    case = open_case(command, the_actor())
    return created(case, "api_cases.show", case_id=case.id)


@bp.get("/cases/<uuid:case_id>")
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_READ)
def show(case_id: UUID) -> Any:
    """One case."""
    case = queries.opened(case_id, the_actor())
    audit.opened(db.session, case, "case.opened")
    return case


@bp.patch("/cases/<uuid:case_id>")
@bp.arguments(PatchCaseSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_WRITE)
def change(given: dict[str, Any], case_id: UUID) -> Any:
    """Changes the given members; `detail` is judged by the domain's own schema."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_WRITE)
    sent = {**given["detail"], "version": given["version"]}
    if "request" in given:
        sent["request"] = given["request"]
    steps.edit(domains.get(case.domain).detail_schema.editing().load(sent), case, the_actor())
    return shown(case, "api_cases.show", case_id=case.id)


def _ordinary(name: str) -> None:
    """One address for each ordinary step."""

    @bp.post(f"/cases/<uuid:case_id>/{name}", endpoint=f"step_{name}")
    @bp.arguments(TakeStepSchema)
    @bp.response(200, WholeCaseSchema)
    @requires(Permission.CASE_WRITE, Permission.CASE_REOPEN)
    def step(command: Any, case_id: UUID) -> Any:
        """Takes the step; 409 when the stage does not offer it or something is missing first."""
        case = queries.opened(case_id, the_actor())
        return shown(steps.take(name, command, case, the_actor()), "api_cases.show", case_id=case.id)


for _name in ORDINARY:
    _ordinary(_name)


@bp.post("/cases/<uuid:case_id>/decline")
@bp.arguments(DeclineSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_WRITE)
def decline(command: Any, case_id: UUID) -> Any:
    """Does not accept the case, with a reason."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_WRITE)
    return shown(steps.decline(command, case, the_actor()), "api_cases.show", case_id=case.id)


@bp.post("/cases/<uuid:case_id>/risk")
@bp.arguments(ChangeRiskSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_WRITE)
def risk(command: Any, case_id: UUID) -> Any:
    """Another level of risk."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_WRITE)
    return shown(steps.change_risk(command, case, the_actor()), "api_cases.show", case_id=case.id)


@bp.post("/cases/<uuid:case_id>/restrict")
@bp.arguments(RestrictSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_WRITE)
def restrict(command: Any, case_id: UUID) -> Any:
    """The case becomes a restricted file: its team, the head and persons named on it see it, nobody else."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_WRITE)
    return shown(restricting.restrict(command, case, the_actor()), "api_cases.show", case_id=case.id)


@bp.get("/cases/<uuid:case_id>/tags")
@bp.response(200, page_of(TagOut))
@requires(Permission.CASE_READ)
def tags_of(case_id: UUID) -> Any:
    """Target groups that live with a restricted case."""
    return {"items": tag_queries.of_case(queries.opened(case_id, the_actor()).id), "next": None}


@bp.post("/cases/<uuid:case_id>/tags")
@bp.arguments(AddRestrictedTagSchema)
@bp.response(201, TagOut)
@requires(Permission.CASE_WRITE)
def new_tag(command: Any, case_id: UUID) -> Any:
    """One more of them; they are confirmed, ended and cancelled like any other group of the person."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_WRITE)
    if case.client is None:
        raise Conflict(_l("Target groups are of a person, not of a household."), code="not_a_person")
    row = tags.add_restricted(command, case, case.client, the_actor())
    return created(row, "api_parts.tag", client_id=case.client.id, part_id=row.id)


@bp.post("/cases/<uuid:case_id>/assign")
@bp.arguments(AssignCaseSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_ASSIGN)
def assign(command: Any, case_id: UUID) -> Any:
    """Who is responsible and who works along."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_ASSIGN)
    return shown(team.assign(command, case, the_actor()), "api_cases.show", case_id=case.id)


@bp.post("/cases/<uuid:case_id>/ask_closing")
@bp.arguments(AskClosingSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_WRITE)
def ask_closing(command: Any, case_id: UUID) -> Any:
    """Writes what the closing rests on and moves the case on to it; then ask for the review of kind `closure`."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_WRITE)
    return shown(closing.ask(command, case, the_actor()), "api_cases.show", case_id=case.id)


@bp.post("/cases/<uuid:case_id>/close")
@bp.arguments(TakeStepSchema)
@bp.response(200, WholeCaseSchema)
@requires(Permission.CASE_CLOSE)
def close(command: Any, case_id: UUID) -> Any:
    """Closes a case whose closing the township has approved."""
    case = queries.opened(case_id, the_actor(), Permission.CASE_CLOSE)
    return shown(closing.close(command, case, the_actor()), "api_cases.show", case_id=case.id)
