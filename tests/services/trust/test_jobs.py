"""Long work in a worker: taken up once, with progress, cancelled, taken up anew after a kill, given up after too many."""

import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.adapters import queue
from caseapp.cli.worker import consumer
from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.extensions import db
from caseapp.models.trust import Job, QueueItem
from caseapp.services.trust import jobs


@pytest.fixture
def ask(sqlite: Any) -> Any:
    """`ask(state=…)` is the id of a job that is in the queue."""

    def make(**facts: Any) -> UUID:
        with system_session("test", write=True) as session:
            fresh = {"kind": "test", "state": "waiting", "turns": 0, "percent": 0, "cancel_asked": False, "asked_at": clock.now()}
            job = Job(subject_id=uuid7(), path="/22/", asked_by_id=sqlite.cast.users["pia"], **(fresh | facts))
            session.add(job)
            session.flush()
            queue.ask(session, job.id)
            return job.id

    with sqlite.app.app_context():
        yield make
        db.session.rollback()


def of(job_id: UUID) -> Job:
    with system_session("test") as session:
        job = session.get_one(Job, job_id)
        session.expunge(job)
        return job


def test_work_is_done_once_and_says_how_far_it_is(ask: Any) -> None:
    job_id, seen = ask(), []

    def work(subject_id: UUID, say: jobs.Say) -> None:
        say(40, "half")
        seen.append((of(job_id).percent, of(job_id).step, of(job_id).state))

    for _turn in range(2):
        jobs.work(job_id, {"test": work})
    assert seen == [(40, "half", "running")]
    assert (of(job_id).state, of(job_id).percent, of(job_id).turns) == ("done", 100, 1)


def test_work_stops_at_its_next_step_when_somebody_asks(ask: Any) -> None:
    job_id = ask()

    def work(_subject_id: UUID, say: jobs.Say) -> None:
        say(10, "first")
        with system_session("test", write=True) as session:
            session.get_one(Job, job_id).cancel_asked = True
        say(20, "second")
        raise AssertionError("went on")

    jobs.work(job_id, {"test": work})
    assert (of(job_id).state, of(job_id).percent) == ("cancelled", 10)


def test_a_refusal_is_told_by_its_code_and_a_fault_by_its_name(ask: Any) -> None:
    def refuse(_subject_id: UUID, _say: jobs.Say) -> None:
        raise Conflict("a name that must not stand here", code="no_facts")

    def break_(_subject_id: UUID, _say: jobs.Say) -> None:
        raise KeyError("a name that must not stand here")

    for work, fault in ((refuse, "no_facts"), (break_, "KeyError")):
        job_id = ask()
        jobs.work(job_id, {"test": work})
        assert (of(job_id).state, of(job_id).fault) == ("failed", fault)


def test_a_job_whose_worker_was_killed_is_taken_up_anew(ask: Any) -> None:
    old = clock.now() - timedelta(minutes=5)
    killed = ask(state="running", asked_at=old, heartbeat_at=old, turns=1)
    alive = ask(state="running", asked_at=old, heartbeat_at=clock.now(), turns=1)
    hopeless = ask(state="running", asked_at=old, heartbeat_at=old, turns=jobs.TURNS)
    forgotten = ask(asked_at=old)
    assert set(jobs.silent()) == {killed, hopeless, forgotten}
    done = []
    for job_id in (killed, alive, hopeless):
        jobs.work(job_id, {"test": lambda subject_id, _say: done.append(subject_id)})
    assert (of(killed).state, of(alive).state) == ("done", "running")
    assert (of(hopeless).state, of(hopeless).fault) == ("failed", "given_up")
    assert len(done) == 1


def test_the_queue_hands_each_task_out_once(engine: Any) -> None:
    """The storage under huey, on both engines: in order, once, nothing after that; and only what was committed."""
    with engine.app.app_context():
        with system_session("test", write=True) as session:
            for _turn in range(3):
                queue.ask(session, uuid7())
        with system_session("rolled back"):
            pass
        huey = queue.consumer(db.engine, lambda _job: None, lambda: None)
        assert huey.storage.queue_size() == 3
        found = [huey.dequeue() for _turn in range(4)]
        assert [task is not None for task in found] == [True, True, True, False]
        huey.storage.put_data("mark", b"1")
        huey.storage.put_data("mark", b"2")
        assert huey.storage.pop_data("mark") == b"2" and not huey.storage.has_data_for_key("mark")
        db.session.rollback()


def test_a_worker_takes_from_the_queue(ask: Any, sqlite: Any) -> None:
    """A consumer with its thread, as `caseapp worker` runs it: what has been asked for is gone from the queue and done."""
    job_id = ask(kind="statistics.release")  # of a row that is not there: the work fails, and says so
    worker = consumer(sqlite.app)
    threads = [thread for _worker, thread in worker.worker_threads]
    for thread in threads:
        thread.start()
    try:
        until = time.monotonic() + 20
        while of(job_id).state not in ("failed", "done") and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        worker.stop_flag.set()
        for thread in threads:
            thread.join(5)
    assert (of(job_id).state, of(job_id).fault) == ("failed", "NoResultFound")
    with system_session("test") as session:
        assert session.scalars(select(QueueItem)).all() == []
    assert not [thread for thread in threading.enumerate() if thread.name == "heartbeat"]
