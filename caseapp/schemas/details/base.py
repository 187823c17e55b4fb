"""The base of the domains' typed parts: members left out stay as they are; the part asked at intake is judged by the same rules."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from marshmallow import ValidationError, post_load

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Text, WholeInt
from caseapp.schemas.casework.case import EditCase

SHARED = ("version", "request")


class DetailSchema(CommandSchema):
    """A subclass adds the typed members, all optional. Loads to EditCase."""

    asked: ClassVar[tuple[str, ...]] = ()  # members without which no case is opened
    fixed: ClassVar[tuple[str, ...]] = ()  # members that only the intake says; later they change by verbs of the domain's own
    version = WholeInt(required=True)
    request = Text(allow_none=True, most=3000)

    @classmethod
    def editing(cls) -> Self:
        """The schema of a change: what only the intake says is unknown to it."""
        return cls(exclude=cls.fixed)

    @classmethod
    def typed(cls) -> tuple[str, ...]:
        """The names of the typed members."""
        return tuple(name for name in cls._declared_fields if name not in SHARED)

    @classmethod
    def intake(cls, given: dict[str, Any], only: Sequence[str]) -> dict[str, Any]:
        """Those members that are asked for when a case is opened; marshmallow's ValidationError by name."""
        missing = [name for name in cls.asked if given.get(name) in (None, "")]
        if missing:
            raise ValidationError({name: [_l("Please fill this in.")] for name in missing})
        loaded: EditCase = cls(only=tuple(only), partial=True).load(given)
        return loaded.detail

    @post_load(pass_original=True)
    def _made(self, data: dict[str, Any], given: Any, **_more: Any) -> EditCase:
        return EditCase(
            version=data.get("version", 0),
            detail={name: data.get(name) for name in self.typed() if name in given},
            changes={"request": data.get("request")} if "request" in given else {},
        )
