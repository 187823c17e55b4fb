"""Every member of every input schema is bounded, and says what is wrong in words of ours, which are translated."""

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from caseapp import blueprints  # noqa: F401 - with the schemas of queries
from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line, LocalDay, WholeInt
from caseapp.schemas.details.affairs.base import Moment
from caseapp.schemas.values import Coded

LAZY = type(_l("lazy"))


def schemas() -> Iterator[type[Schema]]:
    """Every input schema there is."""
    todo = list(CommandSchema.__subclasses__())
    while todo:
        schema = todo.pop()
        if schema.__module__.startswith("caseapp."):
            yield schema
        todo += schema.__subclasses__()


def parts(name: str, field: fields.Field[Any]) -> Iterator[tuple[str, fields.Field[Any]]]:
    """A field with what it is made of."""
    yield name, field
    if isinstance(field, fields.List):
        yield from parts(f"{name}[]", field.inner)
    elif isinstance(field, fields.Dict):
        for part in (field.key_field, field.value_field):
            if part is not None:
                yield from parts(f"{name}{{}}", part)


@pytest.fixture(scope="module")
def members(sqlite_engine: Any) -> list[tuple[str, fields.Field[Any]]]:
    """Every field of every input schema, in an app, so that all modules are loaded."""
    found = []
    for schema in sorted(set(schemas()), key=lambda each: f"{each.__module__}.{each.__name__}"):
        for name, field in schema().fields.items():
            found += parts(f"{schema.__module__.removeprefix('caseapp.')}.{schema.__name__}.{name}", field)
    assert len(found) > 200
    return found


def bounded(field: fields.Field[Any]) -> bool:
    """Whether nothing can get through that is longer, earlier or larger than anybody means."""
    if isinstance(
        field, Line | Code | Coded | LocalDay | Moment | WholeInt | fields.UUID | fields.Boolean | fields.Time | fields.Nested
    ):
        return True
    if isinstance(field, fields.String):
        judges = field.validators
        functions = [each for each in judges if not isinstance(each, validate.Validator)]  # looks a code up
        return bool(functions) or any(isinstance(each, validate.OneOf) or getattr(each, "max", None) for each in judges)
    if isinstance(field, fields.List):
        return any(getattr(each, "max", None) for each in field.validators)
    return isinstance(field, fields.Dict) or type(field).__module__.startswith("caseapp.")


def test_every_member_is_bounded(members: Any) -> None:
    faults = [f"{name}: {type(field).__name__}" for name, field in members if not bounded(field)]
    assert faults == [], "\n".join(faults)


def test_every_sentence_is_ours(members: Any) -> None:
    """A built-in sentence of the library would be English on a Chinese page."""
    faults = []
    for name, field in members:
        used = {"required", "null"} | ({"invalid"} if "invalid" in field.error_messages else set())
        used |= {"invalid_uuid"} if isinstance(field, fields.UUID) else set()
        faults += [f"{name}: {code}" for code in used if not isinstance(field.error_messages[code], LAZY)]
        for judge in field.validators:
            if isinstance(judge, validate.Range | validate.OneOf | validate.Regexp) and not isinstance(judge.error, LAZY):
                faults.append(f"{name}: {type(judge).__name__}")
            if isinstance(judge, validate.Length) and not isinstance(judge.error or judge.message_max, LAZY):
                faults.append(f"{name}: Length")
    assert faults == [], "\n".join(faults)
    assert all(isinstance(words, LAZY) for schema in schemas() for words in schema().error_messages.values())
