"""The command line: refresh, release once, the same files on a second run, refusals in words."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.cli.statistics import statistics
from caseapp.extensions import db
from caseapp.models.trust import AuditEntry


@pytest.fixture
def run(county: Any) -> Any:
    """`run("refresh", "--period", "2026Q3")` gives the exit code and what was said."""

    def call(*words: str) -> tuple[int, str]:
        db.session.remove()
        guard.bind(db.session, None)
        answer = CliRunner().invoke(statistics, list(words))
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer.exit_code, answer.output

    return call


def files(folder: Path) -> dict[str, bytes]:
    """Relative name → bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_quarter_is_published_once_with_the_same_files(run: Any, tmp_path: Path) -> None:
    assert run("refresh", "--period", "2026Q3", "--as", "pia", "--reason", "nightly")[0] == 0
    for folder in ("one", "two"):
        code, said = run(
            "release", "--period", "2026Q3", "--as", "pia", "--reason", "quarter's end", "--out", str(tmp_path / folder)
        )
        assert code == 0, said
    assert "already released" in said
    first = files(tmp_path / "one")
    assert first == files(tmp_path / "two")
    assert {"release.json", "on_file_age.csv", "derived/visit_rate.csv", "hierarchies/geo.csv"} <= set(first)
    with system_session("test") as session:
        told = session.execute(select(AuditEntry.event, AuditEntry.reason).order_by(AuditEntry.at, AuditEntry.id)).all()
    assert [tuple(entry) for entry in told] == [
        ("statistics.refreshed", "2026Q3: nightly"),
        ("statistics.released", "2026Q3: quarter's end"),
        ("statistics.files_written", "2026Q3: quarter's end"),
        ("statistics.files_written", "2026Q3: quarter's end"),
    ]


def test_refusals_are_sentences(run: Any) -> None:
    for words, part in (
        (("refresh",), "--as"),
        (("refresh", "--as", "pia", "--reason", "x"), "--period or --all"),
        (("refresh", "--period", "2026-3"), "2026Q3"),
        (("refresh", "--period", "2027Q1", "--as", "pia", "--reason", "x"), "not begun"),
        (("refresh", "--period", "2026Q3", "--as", "cora", "--reason", "x"), "may do this"),
        (("release", "--period", "2026Q3", "--as", "nobody", "--reason", "x"), "no such account"),
        (("release", "--period", "2026Q3", "--as", "bo", "--reason", "x"), "may do this"),
        (("release", "--period", "2026Q3", "--as", "cora", "--reason", "x"), "highest bureau"),
        (("release", "--period", "2026Q3", "--as", "pia", "--reason", "x"), "refresh of this quarter"),
    ):
        code, said = run(*words)
        assert code != 0
        assert part in said, (words, said)
