"""Input of what a county stresses: key items, key groups, its own brand (S-3.2)."""

from dataclasses import dataclass, field

from marshmallow import fields, validate

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line, WholeInt


@dataclass(frozen=True)
class SetFocus:
    """The whole of it as it shall be from today on."""

    version: int
    items: tuple[str, ...] = field(default=())
    groups: tuple[str, ...] = field(default=())
    brand: str | None = None
    brand_text: str | None = None


def _known_item(code: str) -> None:
    if not reference.catalogue().valid(code):
        raise validate.ValidationError(_l("Choose one of the answers offered."))


def _known_group(code: str) -> None:
    tag = reference.target_groups().get(code)
    if tag is None or tag.klass == "P3":
        raise validate.ValidationError(_l("Choose one of the answers offered."))


class SetFocusSchema(CommandSchema):
    """Loads to SetFocus."""

    makes = SetFocus
    version = WholeInt(required=True)
    items = fields.List(Code(10, validate=_known_item), load_default=(), validate=validate.Length(max=20))
    groups = fields.List(Code(10, validate=_known_group), load_default=(), validate=validate.Length(max=20))
    brand = Line(most=60, load_default=None)
    brand_text = Line(most=300, load_default=None)
