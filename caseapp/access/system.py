"""System work in its own session, with a reason; and small side writes after the request's own transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from caseapp.access import standing
from caseapp.extensions import db

SideWrite = Callable[[Session], object]


@contextmanager
def system_session(reason: str, *, write: bool = False, owner: bool = False) -> Iterator[Session]:
    """A session without row rules, for work no user could scope; commits at the end when `write`.

    `owner`: on PostgreSQL with the rights of the login itself, for filling a database in bulk; for commands only.

    On SQLite a request that holds the write lock must not open a writing one: it would wait for itself.
    """
    engine = db.engine.execution_options(intent="write" if write else "read")
    with Session(engine, info={"system": reason, "owner": owner}) as session:
        yield session
        if write:
            session.commit()
        else:
            session.rollback()


@contextmanager
def joined(reason: str) -> Iterator[Session]:
    """A session without row rules inside the request's own transaction: what it writes is kept or lost with the rest.

    For the few acts that reach rows of another station, or rows that nobody reads any more, together with rows of one's own.
    """
    db.session.flush()
    try:
        with Session(db.session.connection(), info={"system": reason}) as session:
            yield session
            session.flush()
    finally:
        standing.restore(db.session())


def side_write(job: SideWrite) -> None:
    """Asks for a short write of its own right after this request's commit or rollback, before the body is sent.

    For what a refused request must not roll back: failed sign-ins, drafts, last-seen, read entries.
    """
    db.session.info.setdefault("side_writes", []).append(job)


def run_side_writes() -> None:
    """Runs what was asked for, in one transaction; an error here means the answer must not be sent (503)."""
    jobs: list[SideWrite] = db.session.info.pop("side_writes", [])
    if jobs:
        with system_session("side writes", write=True) as session:
            for job in jobs:
                job(session)


def drop_side_writes() -> None:
    """Forgets what was asked for, when a request starts anew."""
    db.session.info.pop("side_writes", None)
