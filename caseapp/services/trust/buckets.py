"""Attempts in a window, counted in the database so that they hold across processes and survive any rollback."""

from datetime import timedelta
from typing import Any

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.errors import TooMany
from caseapp.models.trust import RateBucket


def take(purpose: str, who: str, *, most: int, seconds: int) -> None:
    """Counts one attempt and raises TooMany when there were more than `most` in the window.

    Writes in a transaction of its own: only for views stamped `reading`, because on SQLite a request that holds
    the write lock would wait for itself.
    """
    with system_session("rate bucket", write=True) as session:
        wait = count(session, purpose, who, most=most, seconds=seconds)
    if wait:
        raise TooMany(retry_after=wait)


def count(session: Session, purpose: str, who: str, *, most: int, seconds: int) -> int:
    """Counts one attempt inside the caller's transaction: 0, or the seconds to wait."""
    now = clock.now()
    since = now - timedelta(seconds=seconds)
    insert: Any = pg_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    query = insert(RateBucket).values(key=f"{purpose}:{keys.ring().index('bucket', who).hex()}", window_at=now, count=1)
    over = RateBucket.window_at <= since
    query = query.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((over, 1), else_=RateBucket.count + 1),
            "window_at": case((over, now), else_=RateBucket.window_at),
        },
    ).returning(RateBucket.count, RateBucket.window_at)
    tally, window_at = session.execute(query).one()
    return 0 if tally <= most else max(1, int((window_at - since).total_seconds()))
