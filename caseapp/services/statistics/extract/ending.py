"""The end of an extract: its bytes are deleted, what is known of it and who fetched it stays."""

from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.statistics import StatExtract


def sweep(session: Any) -> int:
    """Deletes the bytes of what is over by today, in a session without row rules; returns how many these were.

    A preparation that lapsed is forgotten wholly: none of its rows left the house.
    """
    today = clock.today()
    over = (StatExtract.state == "approved") & (StatExtract.expires_on <= today)
    lapsed = (StatExtract.state == "prepared") & (StatExtract.lapses_on <= today)
    rows = session.scalars(select(StatExtract).where(over | lapsed)).all()
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
    with system_session("statistics extracts that are over", write=True) as session:
        return sweep(session)
