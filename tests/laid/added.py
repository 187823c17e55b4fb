"""Adding a row, under its parent if it hangs on one."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


def added(session: Session, row: Any, parent: Any = None) -> UUID:
    if parent is not None:
        row.belongs_to(parent)
    session.add(row)
    session.flush()
    key: UUID = row.id
    return key
