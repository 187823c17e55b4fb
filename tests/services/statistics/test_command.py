"""The command line: refresh, release once, the same files on a second run, refusals in words."""

import csv
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.cli.statistics import statistics
from caseapp.extensions import db
from caseapp.models.trust import AuditEntry
from caseapp.services.statistics import certificates
from tests.cast import PASSWORD


@pytest.fixture
def run(county: Any) -> Any:
    """`run("refresh", "--period", "2026Q3")` gives the exit code and what was said."""

    def call(*words: str, typed: str | None = None) -> tuple[int, str]:
        db.session.remove()
        guard.bind(db.session, None)
        answer = CliRunner().invoke(statistics, list(words), input=typed)
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer.exit_code, answer.output

    return call


def files(folder: Path) -> dict[str, bytes]:
    """Relative name → bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


RELEASE = ("release", "--period", "2026Q3", "--as")


def test_a_quarter_is_prepared_and_published_by_two_with_the_same_files_again(run: Any, tmp_path: Path) -> None:
    assert run("refresh", "--period", "2026Q3", "--as", "pia", "--reason", "nightly")[0] == 0
    assert "nothing is prepared" in run(*RELEASE, "pat", "--reason", "x", "--approve")[1]
    code, said = run(*RELEASE, "pia", "--reason", "quarter's end")
    assert code == 0 and "another officer" in said, said
    assert "being prepared" in run(*RELEASE, "pia", "--reason", "again")[1]
    assert "another officer" in run(*RELEASE, "pia", "--reason", "x", "--approve", typed=PASSWORD)[1]
    assert "password" in run(*RELEASE, "pat", "--reason", "x", "--approve", typed="guessed-wrongly")[1]
    code, said = run(*RELEASE, "pat", "--reason", "looked at", "--approve", "--out", str(tmp_path / "one"), typed=PASSWORD)
    assert code == 0 and "published as no. 1" in said, said
    code, said = run(*RELEASE, "pia", "--reason", "once more", "--out", str(tmp_path / "two"))
    assert code == 0 and "already released" in said
    first = files(tmp_path / "one")
    assert first == files(tmp_path / "two")
    assert {"release.json", "on_file_age.csv", "derived/visit_rate.csv", "hierarchies/geo.csv"} <= set(first)
    with system_session("test") as session:
        told = session.execute(select(AuditEntry.event, AuditEntry.reason).order_by(AuditEntry.at, AuditEntry.id)).all()
    assert [tuple(entry) for entry in told if entry.event.startswith(("statistics", "password"))] == [
        ("statistics.refreshed", "2026Q3: nightly"),
        ("statistics.prepared", "2026Q3: quarter's end"),
        ("password.failed", None),
        ("statistics.released", "2026Q3: quarter's end"),
        ("statistics.files_written", "2026Q3: looked at"),
        ("statistics.files_written", "2026Q3: once more"),
    ]


def test_what_was_prepared_can_be_refused(run: Any) -> None:
    run("refresh", "--period", "2026Q3", "--as", "pia", "--reason", "nightly")
    run(*RELEASE, "pia", "--reason", "quarter's end")
    assert run(*RELEASE, "pat", "--reason", "two stations are missing", "--refuse")[1] == "2026Q3: refused\n"
    assert "prepared" in run(*RELEASE, "pat", "--reason", "with them")[1]


def test_refusals_are_sentences(run: Any) -> None:
    for words, part in (
        (("refresh",), "--as"),
        (("refresh", "--as", "pia", "--reason", "x"), "--period or --all"),
        (("refresh", "--period", "2026-3"), "2026Q3"),
        (("refresh", "--period", "2027Q1", "--as", "pia", "--reason", "x"), "not begun"),
        (("refresh", "--period", "2026Q3", "--as", "cora", "--reason", "x"), "may do this"),
        (("release", "--period", "2026Q3", "--as", "nobody", "--reason", "x"), "no such account"),
        (("release", "--period", "2026Q3", "--as", "bo", "--reason", "x"), "may do this"),
        (("release", "--period", "2026Q3", "--as", "cora", "--reason", "x"), "may not do this"),
        (("release", "--period", "2026Q3", "--as", "pia", "--reason", "x"), "refresh of this period"),
    ):
        code, said = run(*words)
        assert code != 0
        assert part in said, (words, said)


def test_true_cells_are_read_on_the_command_line_and_told(run: Any, tmp_path: Path) -> None:
    """They add up to what was counted; nobody else can read the file; the trail names who asked."""
    by = ("--as", "pia", "--reason", "check from outside")
    run("refresh", "--period", "2026Q3", *by)
    target = tmp_path / "true.csv"
    target.touch(mode=0o644)
    code, said = run("cells", "--period", "2026Q3", "--true", "--out", str(target), *by)
    assert (code, target.stat().st_mode & 0o777) == (0, 0o600), said
    rows = list(csv.DictReader(target.open(encoding="utf-8")))
    riverside = [r for r in rows if (r["measure"], r["geo"], r["period"]) == ("on_file", "222403101000", "2026Q3")]
    total = next(int(r["count"]) for r in riverside if not r["age_band"] and not r["sex"] and not r["group"])
    assert total == sum(int(r["count"]) for r in riverside if r["sex"] and not r["age_band"]) > 100
    code, said = run("cells", "--period", "2026Q3", "--true", *by)
    assert code == 0 and said.splitlines()[0].startswith("measure,geo,station,contractor,")
    for words, part in (
        (("cells", "--period", "2026Q3", *by), "--true"),
        (("cells", "--period", "2026Q2", "--true", *by), "refresh"),
    ):
        code, said = run(*words)
        assert code != 0 and part in said
    with system_session("test") as session:
        told = session.scalars(select(AuditEntry.reason).where(AuditEntry.event == "statistics.cells_read")).all()
    assert told == ["2026Q3: check from outside"] * 2


def test_verify_adds_a_release_up_and_names_what_is_wrong(run: Any, publish: Any) -> None:
    """What was released is without a fault. Without its certificate it proves nothing: said in words, with exit code 1."""
    assert run("verify", "--all")[1].strip().endswith("Nothing is released yet.")
    publish()
    code, said = run("verify", "--all")
    assert code == 0 and said.startswith("2026Q3 no. 1: ") and said.endswith(" 0 faults\n"), said
    with patch.object(certificates, "read", lambda _session, _release: None):
        code, said = run("verify", "--period", "2026Q3")
    first, *faults = said.splitlines()
    assert code == 1 and first.startswith("2026Q3 no. 1: ") and " hidden, " in first
    assert faults[-1] == "  the certificate cannot be read"
    assert run("verify", "--period", "2026Q2") == (1, "Error: 2026Q2 is not released.\n")
    assert "--period or --all" in run("verify")[1]
