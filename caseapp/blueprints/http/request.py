"""The request as our views see it: names and values of addresses and forms without NUL, which no text needs and PostgreSQL refuses."""

from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict


class Parameters(ImmutableMultiDict):
    """What was asked for or sent in a form. Text is cleaned further by the schema that judges it."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__([(_clean(name), _clean(value)) for name, value in _pairs(mapping)])


class CaseRequest(Request):
    """Flask's request with such parameters."""

    parameter_storage_class = Parameters


def _pairs(mapping: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(mapping, MultiDict):
        return mapping.items(multi=True)
    if isinstance(mapping, dict):
        return [(name, value) for name, held in mapping.items() for value in (held if isinstance(held, list) else [held])]
    return mapping or ()


def _clean(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value
