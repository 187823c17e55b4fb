"""Every event that a service can leave in the trail has its words in both languages; so has every part of the app."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from caseapp import domains, reference
from caseapp.core import errors
from tests.house.test_code_rules import calls, files, name_of

TOLD = {"record", "opened", "signed"}
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")


def events() -> dict[str, list[str]]:
    """Names (or, for those made at run time, what they begin with and a star) → where they are left."""
    found: dict[str, list[str]] = {}
    for path in files():
        for called, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            is_ours = (
                isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "audit"
            )
            if called not in TOLD or not is_ours:
                continue
            at = {"record": 1, "signed": 1, "opened": 2}[called]
            if len(call.args) <= at:
                continue
            for name in _names(call.args[at]):
                found.setdefault(name, []).append(f"{name_of(path)}:{call.lineno}")
    passed_on = dict(_helpers())
    for path in files():
        for called, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            at = passed_on.get(called, len(call.args))
            for name in _names(call.args[at]) if at < len(call.args) else []:
                if EVENT.fullmatch(name):
                    found.setdefault(name, []).append(f"{name_of(path)}:{call.lineno}")
    return found


def _helpers() -> Iterator[tuple[str, int]]:
    """Functions that are given the name of an event to leave: their names, and at which place it stands."""
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                given = [one.arg for one in node.args.args]
                for called, call in calls(node):
                    at = {"record": 1, "signed": 1, "opened": 2}.get(called, len(call.args))
                    name = call.args[at] if at < len(call.args) else None
                    if isinstance(name, ast.Name) and name.id in given:
                        yield node.name, given.index(name.id)


def _names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return _names(node.body) + _names(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return [f"{node.values[0].value}*"]
    return []


def test_every_event_has_its_words() -> None:
    known, left = set(reference.codes("trail_event").codes()), events()
    assert len(left) > 80
    wild = {name[:-1] for name in left if name.endswith("*")}
    assert {name: where for name, where in left.items() if not name.endswith("*") and name not in known} == {}
    assert [start for start in wild if not any(code.startswith(start) for code in known)] == []
    refusals = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type) and getattr(kind, "status", 0) in (401, 403, 404, 429)
    }
    assert refusals <= known


def test_every_part_of_the_app_has_its_words(sqlite: Any) -> None:
    known = set(reference.codes("trail_page").codes())
    parts = {name.partition(".")[0] for name in sqlite.app.view_functions} - {"static", "api_docs"}
    assert parts - {domain.code for domain in domains.all()} <= known
