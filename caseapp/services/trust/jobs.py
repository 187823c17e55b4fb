"""Long work: asked for in a request, done by a worker in short transactions of its own, with progress, cancel and resume.

The row of `job` is the truth, the queue only a bell: a worker takes a row up by changing it, so that a bell that rings twice
does no work twice, and a job whose worker was killed is rung for anew. In demo and tests the work is done at once, inside
the transaction that asked for it.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import queue
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import AppError, NotFound
from caseapp.extensions import db
from caseapp.models.trust import Job

log = logging.getLogger("caseapp")
BEAT = 10.0  # seconds between two signs of life
SILENT = timedelta(seconds=90)  # after this without one a worker is taken for dead
TURNS = 3  # a job that has killed three workers is not given to a fourth

Say = Callable[[int, str], None]


class Cancelled(Exception):
    """Somebody asked for the work to end."""


def ask(kind: str, subject_id: UUID, path: str, actor: Actor, *, at_once: bool) -> Job:
    """A new job of the actor, put into the queue unless the caller does the work at once."""
    job = Job(
        kind=kind,
        subject_id=subject_id,
        path=path,
        state="running" if at_once else "waiting",
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    db.session.add(job)
    db.session.flush()
    if not at_once:
        queue.ask(db.session, job.id)
    return job


def ended(job: Job, state: str = "done", fault: str | None = None) -> None:
    """What a job that was done at once has come to."""
    job.state, job.fault, job.ended_at = state, fault, clock.now()
    job.percent = 100 if state == "done" else job.percent


def cancel(job_id: UUID) -> None:
    """Asks the worker to stop; one that nobody has begun ends at once. NotFound for a job that is not in sight."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotFound()
    job.cancel_asked = True
    if job.state == "waiting":
        ended(job, "cancelled")
    db.session.flush()


def work(job_id: UUID, kinds: dict[str, Callable[[UUID, Say], None]]) -> None:
    """Does one job, in a worker: nothing where it is done, cancelled or in another worker's hands.

    `kinds` maps a kind to its work: the id of the row and a function to say how far it is (per cent, step), which raises
    Cancelled when somebody asked for it. A refusal ends the job with its code, a fault of the program with its name in the
    job and its traceback in the log.
    """
    kind, subject_id = _take(job_id)
    if kind is None or subject_id is None:
        return
    state, fault = "done", None
    with _beating(job_id):
        try:
            kinds[kind](subject_id, lambda percent, step: _say(job_id, percent, step))
        except Cancelled:
            state = "cancelled"
        except AppError as error:
            state, fault = "failed", error.code
        except Exception as error:
            log.exception("job %s of %s failed", job_id, kind)
            state, fault = "failed", type(error).__name__
    with system_session("job ended", write=True) as session:
        job = session.get_one(Job, job_id)
        ended(job, state, fault)


def silent() -> list[UUID]:
    """Rings once more for what waits and what fell silent; returns these jobs. One that killed too many workers fails."""
    since = clock.now() - SILENT
    fallen = and_(Job.state == "running", or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < since), Job.asked_at < since)
    waiting = and_(Job.state == "waiting", Job.asked_at < since)
    with system_session("jobs that fell silent") as session:
        found = session.scalars(select(Job.id).where(or_(fallen, waiting))).all()
    if not found:
        return []
    with system_session("jobs that fell silent", write=True) as session:
        for job_id in found:
            job = session.get_one(Job, job_id)
            if job.turns >= TURNS:
                ended(job, "failed", "given_up")
            else:
                queue.ask(session, job_id)
    return list(found)


def _take(job_id: UUID) -> tuple[str | None, UUID | None]:
    """Takes a job up by changing its row; (None, None) where it is not to be had."""
    now = clock.now()
    free = or_(Job.state == "waiting", and_(Job.state == "running", _quiet(now)))
    with system_session("job taken up", write=True) as session:
        taken = session.execute(
            update(Job)
            .where(Job.id == job_id, free, Job.cancel_asked.is_(False))
            .values(state="running", started_at=now, heartbeat_at=now, turns=Job.turns + 1)
            .returning(Job.kind, Job.subject_id),
            execution_options={"synchronize_session": False},
        ).first()
    return (taken.kind, taken.subject_id) if taken else (None, None)


def _quiet(now: datetime) -> Any:
    return or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < now - SILENT)


def _say(job_id: UUID, percent: int, step: str) -> None:
    with system_session("job goes on", write=True) as session:
        job = session.get_one(Job, job_id)
        if job.cancel_asked:
            raise Cancelled
        job.percent, job.step, job.heartbeat_at = percent, step, clock.now()


@contextmanager
def _beating(job_id: UUID) -> Iterator[None]:
    """Signs of life from beside the work, which may be long between two steps."""
    over = threading.Event()
    engine = db.engine.execution_options(intent="write")  # a thread of its own has no application context

    def beat() -> None:
        while not over.wait(BEAT):
            with Session(engine, info={"system": "a worker's sign of life"}) as session, session.begin():
                session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=clock.now()))

    thread = threading.Thread(target=beat, daemon=True, name="heartbeat")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
