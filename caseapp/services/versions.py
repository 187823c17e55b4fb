"""Optimistic locking at the verb: a form drawn from an older state is refused before anything changes."""

from typing import Any

from caseapp.core.errors import Conflict
from caseapp.core.text import _l


def expect_version(row: Any, version: int) -> None:
    """Raises Conflict unless the row still stands at the version the command was made from."""
    expect(row.version, version)


def expect(stands: int, version: int) -> None:
    """The same of anything else that is counted; a page takes the version it stands at, so that its form can be sent again."""
    if stands != version:
        raise Conflict(_l("Somebody changed this meanwhile. Look at it again, then save."), code="stale_version", version=stands)
