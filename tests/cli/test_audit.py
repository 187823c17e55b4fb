"""`caseapp audit`: what an auditor is told, and the exit code that a script goes by."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner

from caseapp.cli import main
from caseapp.models import seal_ddl
from caseapp.models.trust import AuditEntry
from caseapp.services.trust import seal
from tests.engines import owned


def run(*words: str) -> Any:
    """One command by the auditor."""
    return CliRunner().invoke(main, ["audit", *words, "--as", "dee", "--reason", "yearly look"])


def test_a_whole_trail_a_checkpoint_and_a_changed_entry(app: Any, cast: Any, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.json"
    assert run("checkpoint", "--out", str(kept)).exit_code == 0 and kept.exists()
    whole = run("verify", "--checkpoint", str(kept))
    assert whole.exit_code == 0 and "Nothing was changed" in whole.output
    seal.seal_all()
    with owned() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            seal_ddl.drop(connection)
        connection.execute(sa.update(AuditEntry).values(reason="nothing to see"))
    found = run("verify", "--checkpoint", str(kept))
    assert found.exit_code == 1 and "changed: number 1: entry" in found.output and "1 faults" not in whole.output
    kept.write_text("{}")
    refused = run("verify", "--checkpoint", str(kept))
    assert refused.exit_code == 1 and "no checkpoint" in refused.output


def test_only_an_auditor_may(app: Any, cast: Any) -> None:
    found = CliRunner().invoke(main, ["audit", "verify", "--as", "bo", "--reason", "curious"])
    assert found.exit_code == 1 and "no role that may" in found.output
