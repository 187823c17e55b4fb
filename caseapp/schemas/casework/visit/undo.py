"""Voiding, moving and amending a visit."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import post_load, validate

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.casework.visit.parts import local_day, some


@dataclass(frozen=True)
class VoidVisit:
    """Take a visit out of every count, with the reason."""

    reason: str
    version: int


class VoidVisitSchema(CommandSchema):
    """Loads to VoidVisit."""

    makes: ClassVar[type | None] = VoidVisit
    reason = Line(required=True, most=200, validate=validate.Length(min=2, error=_l("Say why, in a few words.")))
    version = WholeInt(required=True)


@dataclass(frozen=True)
class MoveVisit:
    """The same visit on another day: the old one is voided, a new one points to it."""

    happened_on: date
    reason: str
    version: int


class MoveVisitSchema(VoidVisitSchema):
    """Loads to MoveVisit."""

    makes = MoveVisit
    happened_on = local_day(required=True)


@dataclass(frozen=True)
class AmendVisit:
    """Other words for the note, and other findings, while the visit is young."""

    version: int
    note: str | None = None
    findings: tuple[str, ...] = ()


class AmendVisitSchema(CommandSchema):
    """Loads to AmendVisit."""

    makes = AmendVisit
    version = WholeInt(required=True)
    note = Text(load_default=None, allow_none=True, most=5000)
    findings = some("visit_finding")

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        return super()._command(data | {"findings": tuple(data.get("findings") or ())}, **more)
