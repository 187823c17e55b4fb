"""What the documents name is there: files, folders, commands of the recipes, and a test behind every promise of SECURITY.md."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from caseapp.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "BENCHMARKS.md")
QUOTED = re.compile(r"`([^`\n]+)`|\]\(([^)#\s]+)\)")
BARE = re.compile(r"\b[A-Z]{4,}\.md\b")
FILE = re.compile(r"[\w.*-]+(/[\w.*-]+)*(\.(py|md|html|json|toml|lock|png|css|js|csv|sh)|/)|\.head|[\w-]+(/[\w.*-]+)+")
MADE_UP = re.compile(r"(^|/)d(\.py|/)|…")  # `domains/d.py` stands for a domain that is not there yet


def named(text: str) -> Iterator[str]:
    """Everything in a document that looks like a file or folder of ours."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for found in QUOTED.finditer(text):
        word = found[1] or found[2]
        if FILE.fullmatch(word) and not MADE_UP.search(word) and not word.startswith(("http", "/")):
            yield word
    yield from BARE.findall(text)


def there(word: str) -> bool:
    """From the root, or inside the package, as the documents write them; a star stands for several."""
    return any(any(base.glob(word.rstrip("/"))) for base in (ROOT, ROOT / "caseapp", ROOT / "migrations"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_a_document_names_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [word for word in named(text) if not there(word)] == []


def test_the_search_for_names_finds_them() -> None:
    text = "See `access/guard.py`, ![x](docs/tour/a.png), SECURITY.md, `tests/pages/test_account*.py`, `tests/unit/` and `domains/d.py`."
    assert list(named(text)) == [
        "access/guard.py",
        "docs/tour/a.png",
        "tests/pages/test_account*.py",
        "tests/unit/",
        "SECURITY.md",
    ]
    assert there("access/guard.py") and there("tests/unit/") and not there("access/nowhere.py")


def test_every_attack_names_the_tests_that_meet_it() -> None:
    """A row whose proof is no test, or a folder without one, is a promise."""
    lines = (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line, then in pairwise([*lines, ""]) if line.startswith("| ") and not then.startswith("|--")]
    assert len(rows) >= 30
    faults = []
    for row in rows:
        attacker, proof = row.split("|")[1].strip(), row.split("|")[-2]
        found = re.findall(r"`([^`]+)`", proof)
        tests = [
            path
            for word in found
            for base in [ROOT / word]
            for path in (base.rglob("test_*.py") if base.is_dir() else ROOT.glob(word))
        ]
        if not found or not all(there(word) for word in found) or not any("def test_" in path.read_text() for path in tests):
            faults.append(f"{attacker}: {proof}")
    assert faults == []


def test_every_command_that_is_named_exists_and_explains_itself() -> None:
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    assert {
        command for command in re.findall(r"caseapp ([a-z]+)", text) if command in COMMANDS or f"`caseapp {command}" in text
    } <= COMMANDS.keys()
    for name in COMMANDS:
        answer = CliRunner().invoke(main, [name, "--help"])
        assert answer.exit_code == 0 and len(answer.output.splitlines()) > 4, name
    options = set(re.findall(r"caseapp (user add|divisions load|statistics refresh|statistics release|bench)[^`\n]*", text))
    assert options == {"user add", "divisions load", "statistics refresh", "statistics release", "bench"}
