"""`caseapp worker`: does the long work that pages and calls ask for; `caseapp serve` starts one beside itself."""

import logging
import multiprocessing
from collections.abc import Callable
from typing import Any
from uuid import UUID

import click
from huey.consumer import Consumer

from caseapp.adapters import queue
from caseapp.cli.shared import app
from caseapp.extensions import db, intent
from caseapp.services.statistics import release
from caseapp.services.statistics.extract import orders as extracts
from caseapp.services.statistics.extract.ending import sweep_now
from caseapp.services.statistics.release.prepare import KIND
from caseapp.services.trust import jobs

KINDS: dict[str, Callable[[UUID, jobs.Say], None]] = {
    KIND: release.carry_out,
    extracts.WEIGH: extracts.carry_out_weighing,
    extracts.MAKE: extracts.carry_out_making,
}


def consumer(made: Any) -> Consumer:
    """The consumer of an app's queue: one thread, because the work itself keeps a core busy."""
    with made.app_context():
        engine = db.engine

    def work(job_id: UUID) -> None:
        with made.app_context():
            intent.set("write")
            jobs.work(job_id, KINDS)

    def resume() -> None:
        with made.app_context():
            jobs.silent()
            sweep_now()

    return Consumer(queue.consumer(engine, work, resume), workers=1, worker_type="thread", periodic=True, initial_delay=1.0)


def run() -> None:
    """Works until it is told to stop; what it is at then is taken up anew by the next worker."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    made = app()
    with made.app_context():
        jobs.silent()
    consumer(made).run()


def beside() -> multiprocessing.process.BaseProcess:
    """A worker as a process of its own, ended with the one that started it."""
    process = multiprocessing.get_context("spawn").Process(target=run, daemon=True, name="worker")
    process.start()
    return process


@click.command()
def worker() -> None:
    """Do the long work that is asked for: releases, extracts. Stop it with Ctrl-C; nothing is lost."""
    run()
