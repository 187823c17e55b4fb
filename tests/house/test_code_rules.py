"""House rules that a reader would otherwise have to remember: where one may commit, reach past the rows, or write Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "caseapp"
MOST_LINES = 400
CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")

MAY_COMMIT = ("blueprints/http/dispatch.py", "access/system.py", "cli/")
# Core tables, raw SQL and connections pass the row rules by: only these may use them, each for the reason its file states
MAY_PASS_THE_ROWS = (
    "access/",
    "cli/",
    "models/",
    "queries/statistics/",
    "services/statistics/",
    "adapters/",
    "extensions.py",
    "services/casework/numbers.py",
    "services/trust/disposal/",  # what is disposed of goes from every table, whoever may see it
    "services/trust/keys.py",  # every value under an old key, whosever it is
)
# input hygiene and the readings of names need the characters themselves: surnames, lunar days, brackets typed around numbers
MAY_WRITE_CHINESE = ("core/",)
BANNED_CALLS = {"from_statement", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings", "connection"}


def files() -> Iterator[Path]:
    return (path for path in sorted(CODE.rglob("*.py")) if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(CODE).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in files()}


def test_one_place_ends_a_transaction(trees: Any) -> None:
    faults = [
        f"{name}:{call.lineno}"
        for name, tree in trees.items()
        if not name.startswith(MAY_COMMIT)
        for called, call in calls(tree)
        if called == "commit"
    ]
    assert faults == []


def test_nothing_passes_the_row_rules_by(trees: Any) -> None:
    faults = []
    for name, tree in trees.items():
        if name.startswith(MAY_PASS_THE_ROWS):
            continue
        raw = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
            for alias in node.names
            if alias.name == "text"
        }
        faults += [f"{name}:{call.lineno} {called}" for called, call in calls(tree) if called in BANNED_CALLS | raw]
        faults += [
            f"{name}:{node.lineno} __table__"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "__table__"
        ]
    assert faults == []


def test_relationships_say_what_loads_them(trees: Any) -> None:
    faults = [
        f"{name}:{call.lineno}"
        for name, tree in trees.items()
        if name.startswith("models/")
        for called, call in calls(tree)
        if called == "relationship" and not any(key.arg == "lazy" for key in call.keywords)
    ]
    assert faults == []


def test_no_word_escapes_translation(trees: Any) -> None:
    """Messages are whole sentences, and Chinese stands in catalogues and reference data only."""
    faults = []
    for name, tree in trees.items():
        for called, call in calls(tree):
            if called in ("_", "_l") and call.args and isinstance(call.args[0], ast.JoinedStr):
                faults.append(f"{name}:{call.lineno} f-string in {called}()")
        if not name.startswith(MAY_WRITE_CHINESE):
            faults += [f"{name}: {found!r}" for found in _without_comments(tree) if CJK.search(found)]
    for path in sorted((CODE / "templates").rglob("*.html")):
        words = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        faults += [f"{path.name}: {found[0]}" for found in [CJK.search(words)] if found]
    assert faults == []


def _without_comments(tree: ast.Module) -> list[str]:
    """String literals that are no docstrings."""
    docs = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            docs.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs.add(id(node.value))
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs]


def test_public_functions_and_modules_have_docstrings(trees: Any) -> None:
    faults = []
    for name, tree in trees.items():
        if not ast.get_docstring(tree):
            faults.append(name)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                faults.append(f"{name}: {node.name}")
    assert faults == []


def test_files_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert [f"{name}: {count}" for name, count in lengths.items() if count > MOST_LINES] == []
    long = [count for count in lengths.values() if count > 300]
    assert sum(long) < 0.15 * sum(lengths.values())
