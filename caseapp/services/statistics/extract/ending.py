"""The end of an extract: its bytes are deleted, what is known of it and who fetched it stays."""

from typing import Any

from sqlalchemy import and_, or_, select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.statistics import StatExtract


def sweep(session: Any) -> int:
    """Deletes the bytes of what is over by today, in a session without row rules; returns how many these were.

    A preparation that lapsed is forgotten wholly: none of its rows left the house.
    """
    rows = session.scalars(select(StatExtract).where(_over())).all()
    for row in rows:
        row.content_enc, row.ended_at = None, clock.now()
        if row.state == "prepared":
            row.state, row.kept_enc = "lapsed", None
        else:
            row.state = "expired"
    session.flush()
    return len(rows)


def sweep_now() -> int:
    """The same in a transaction of its own, for workers and commands."""
    with system_session("statistics extracts: is any over") as session:
        if session.scalar(select(StatExtract.id).where(_over()).limit(1)) is None:
            return 0  # a worker asks every minute: no write lock for nothing
    with system_session("statistics extracts that are over", write=True) as session:
        return sweep(session)


def _over() -> Any:
    today = clock.today()
    over = and_(StatExtract.state == "approved", StatExtract.expires_on <= today)
    return or_(over, and_(StatExtract.state == "prepared", StatExtract.lapses_on <= today))
