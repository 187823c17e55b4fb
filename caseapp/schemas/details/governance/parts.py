"""Members that several inputs of community governance share."""

from typing import Any

from marshmallow import fields, validate

from caseapp.core.text import _l
from caseapp.schemas.base import WholeInt
from caseapp.schemas.values import Coded

CHOOSE = {"required": _l("Choose one of the answers offered.")}


def several(list_name: str, *, most: int = 20, least: int = 0) -> fields.List[Any]:
    """Codes of a list, each once."""
    checks = [validate.Length(max=most)]
    if least:
        checks.append(validate.Length(min=least, error=_l("Choose one of the answers offered.")))
    if least:
        return fields.List(Coded(list_name), required=True, validate=checks, error_messages=CHOOSE)
    return fields.List(Coded(list_name), load_default=list, validate=checks)


def count(most: int = 10_000_000, least: int = 0, **more: Any) -> WholeInt:
    """A number of people or things; may be left out unless `required`."""
    if not more.get("required"):
        more = {"load_default": None, "allow_none": True, **more}
    span = validate.Range(least, most, error=_l("A number from {min} to {max}."))
    return WholeInt(validate=span, **more)


def chosen(list_name: str) -> Coded:
    """A code that must be chosen."""
    return Coded(list_name, required=True, error_messages=CHOOSE)
