"""Whether the tables are those that this version of the program was written for."""

from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from caseapp.extensions import db

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


@cache
def _wanted() -> tuple[str, ...]:
    return tuple(sorted(ScriptDirectory(str(FOLDER)).get_heads()))


def is_known(revision: str) -> bool:
    """Whether a migration is one of this program's, so that tables that stand at it can be brought to now."""
    script = ScriptDirectory(str(FOLDER))
    return revision in {found.revision for found in script.walk_revisions()}


def fault() -> str | None:
    """One sentence on what is amiss, None when all is well. Raises what the database raises when it does not answer."""
    with db.engine.execution_options(intent="read").connect() as connection:
        found = tuple(sorted(MigrationContext.configure(connection).get_current_heads()))
    if found == _wanted():
        return None
    return f"migrations are at {', '.join(found) or 'nothing'}, the program needs {', '.join(_wanted())}"
