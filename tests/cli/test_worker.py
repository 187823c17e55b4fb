"""`caseapp worker` as whoever runs it meets it: a process of its own that takes a job up from the queue, and ends when told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.adapters import queue
from caseapp.core import clock
from caseapp.models.statistics import StatPreparation
from caseapp.models.trust import Job
from caseapp.services.statistics.release.prepare import KIND
from tests import conftest

ROOT = Path(__file__).resolve().parents[2]
WAIT = 90  # seconds; it takes a few


def until(true: Callable[[], bool]) -> bool:
    """Looks again and again, for a while."""
    end = time.monotonic() + WAIT
    while not true() and time.monotonic() < end:
        time.sleep(0.2)
    return true()


def test_a_worker_of_its_own_takes_up_what_a_request_left(sqlite: Any, tmp_path: Path) -> None:
    """The quarter was never counted: the work is refused, and both rows say so."""
    cast = sqlite.cast
    with sqlite.app.app_context():
        url = sqlite.app.config["SETTINGS"].database_url
        with system_session("asked in a request", write=True) as session:
            row = StatPreparation(
                id=uuid7(), path=cast.paths["province"], period="2020Q1", state="waiting", reason="quarter's end",
                made_by_id=cast.users["pia"], made_by="Pia", made_at=clock.now(),
            )  # fmt: skip
            session.add(row)
            session.flush()
            job = Job(
                kind=KIND, subject_id=row.id, path=row.path, state="waiting", asked_by_id=cast.users["pia"], asked_at=clock.now()
            )
            session.add(job)
            session.flush()
            row.job_id, job_id, row_id = job.id, job.id, row.id
            queue.ask(session, job.id)

        def state() -> tuple[str, str, str | None]:
            with system_session("look") as session:
                held = session.scalars(select(Job).where(Job.id == job_id)).one()
                return held.state, session.get_one(StatPreparation, row_id).state, held.fault

        environment = {
            **os.environ,
            "CASEAPP_ENV": "test",
            "CASEAPP_DATABASE_URL": url,
            "CASEAPP_INSTANCE": str(tmp_path),
            "CASEAPP_DATA_KEYS": conftest.KEY,
            "PYTHONUTF8": "1",
        }
        log = (tmp_path / "log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "caseapp.cli", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            assert until(lambda: state()[0] not in ("waiting", "running") or process.poll() is not None)
            assert state() == ("failed", "failed", "no_facts"), (tmp_path / "log").read_text()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) in (0, -signal.SIGINT, 130)
            log.close()
