"""Columns that are reckoned from others: written past the version, because nobody typed them."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from caseapp.extensions import db


def write(row: Any, values: dict[str, Any]) -> None:
    """Writes what changed of reckoned columns: a visit must not make an open edit form of the person or case stale."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    model = type(row)
    statement = update(model).where(model.id == row.id).values(**changed)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    for name, value in changed.items():
        set_committed_value(row, name, value)
