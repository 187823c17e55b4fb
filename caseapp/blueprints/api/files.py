"""Who may open a restricted or minor's file besides the head: on the person's file and on a case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import NoBody, api_blueprint, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import cases, clients
from caseapp.schemas.casework.client.parts import NamePersonSchema
from caseapp.services.casework.clients import access

bp = api_blueprint("files", __name__, "Who may open a restricted or minor's file.")


class EntryOut(Schema):
    """Somebody to whom a file is open, through what and until when."""

    id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    purpose = fields.String(required=True, allow_none=True)
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True, allow_none=True)


NOUNS: dict[str, Callable[[UUID], Client | Case]] = {
    "clients": lambda key: clients.opened(key, the_actor(), Permission.CASE_ASSIGN),
    "cases": lambda key: cases.opened(key, the_actor(), Permission.CASE_ASSIGN),
}


def _listed(row: Client | Case) -> dict[str, Any]:
    keys = ("id", "user_id", "kind", "purpose", "from_on", "to_on")
    entries = access.open_to(row)
    return {"items": [{"name": name, **{key: getattr(entry, key) for key in keys}} for entry, name in entries], "next": None}


def _verbs(noun: str) -> None:
    """The three calls of one noun; each answers with the list as it then is."""

    @bp.get(f"/{noun}/<uuid:file_id>/named", endpoint=f"{noun}_named")
    @bp.response(200, page_of(EntryOut))
    @requires(Permission.CASE_ASSIGN)
    def named(file_id: UUID) -> Any:
        """Everybody to whom the file is open."""
        return _listed(NOUNS[noun](file_id))

    @bp.post(f"/{noun}/<uuid:file_id>/named", endpoint=f"{noun}_name")
    @bp.arguments(NamePersonSchema)
    @bp.response(200, page_of(EntryOut))
    @requires(Permission.CASE_ASSIGN)
    def name(command: Any, file_id: UUID) -> Any:
        """One more, or another last day."""
        row = NOUNS[noun](file_id)
        access.name_on_file(command, row, the_actor())
        return shown(_listed(row), f"api_files.{noun}_named", file_id=file_id)

    @bp.post(f"/{noun}/<uuid:file_id>/named/<uuid:entry_id>/end", endpoint=f"{noun}_unname")
    @bp.arguments(NoBody)
    @bp.response(200, page_of(EntryOut))
    @requires(Permission.CASE_ASSIGN)
    def unname(_none: Any, file_id: UUID, entry_id: UUID) -> Any:
        """One less."""
        row = NOUNS[noun](file_id)
        access.close_to(entry_id, row, the_actor())
        return shown(_listed(row), f"api_files.{noun}_named", file_id=file_id)


for _noun in NOUNS:
    _verbs(_noun)
