"""Input of what a county stresses: key items, key groups, its own brand (S-3.2)."""

from dataclasses import dataclass, field

from marshmallow import ValidationError, fields, validate

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


def _known_items(codes: list[str]) -> None:
    if not all(reference.catalogue().valid(code) for code in codes):
        raise ValidationError([_l("Choose one of the answers offered.")])


def _known_groups(codes: list[str]) -> None:
    open_ = {code for code, tag in reference.target_groups().items() if tag.klass != "P3"}
    if not set(codes) <= open_:
        raise ValidationError([_l("Choose one of the answers offered.")])


class SetFocusSchema(CommandSchema):
    """Loads to SetFocus."""

    makes = SetFocus
    version = WholeInt(required=True)
    items = fields.List(Code(10), load_default=(), validate=[validate.Length(max=20), _known_items])
    groups = fields.List(Code(10), load_default=(), validate=[validate.Length(max=20), _known_groups])
    brand = Line(most=60, load_default=None)
    brand_text = Line(most=300, load_default=None)
