"""Optimistic locking at the verb: a form drawn from an older state is refused before anything changes."""

from typing import Any

from caseapp.core.errors import Conflict
from caseapp.core.text import _l


def expect_version(row: Any, version: int) -> None:
    """Raises Conflict unless the row still stands at the version the command was made from."""
    if row.version != version:
        raise Conflict(
            _l("Somebody changed this meanwhile. Look at it again, then save."), code="stale_version", version=row.version
        )
