"""Stations filled one by one, or on PostgreSQL by several processes at once where there are many people."""

import gc
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from typing import Any

import sqlalchemy as sa
from flask import current_app

from caseapp import create_app
from caseapp.access.system import system_session
from caseapp.cli import indexes
from caseapp.cli.demo.places import Place
from caseapp.cli.demo.source import Source
from caseapp.cli.demo.stations import Station
from caseapp.extensions import Base, db

MANY = 20_000  # people from which indexes are set aside and a second process is worth its start

Told = Callable[[int], None]


def one(seed: int, today: date, station: Place, wanted: int, rich: bool) -> int:
    """Fills a station; how many people. What it holds does not depend on the others, so that they may come in any order."""
    there = 0
    gc.disable()  # millions of short-lived rows without a cycle among them: looking for some costs a tenth
    try:
        for piece, count in Station(Source(f"{seed} {station.path}", today), station, wanted, rich=rich).pieces():
            with system_session("demo: people", write=True, owner=True) as session:
                piece.write(session)
            there += count
    finally:
        gc.enable()
    return there


def everyone(seed: int, today: date, wanted: Iterable[tuple[Place, int]], told: Told, processes: int | None = None) -> None:
    """Fills every station; `told` hears how many people came with each."""
    work = [(seed, today, station, count, number == 0) for number, (station, count) in enumerate(wanted)]
    people = sum(count for _seed, _today, _station, count, _rich in work)
    is_large = people >= MANY and db.engine.dialect.name == "postgresql"
    count = processes or (os.cpu_count() or 1 if is_large else 1)
    made = _without_indexes() if is_large else []
    if count == 1:
        for station in work:
            told(one(*station))
    else:
        _in_processes(work, told, count)
    if made:
        with system_session("demo: indexes", write=True, owner=True) as session:
            indexes.again(session, made)
            session.execute(sa.text("ANALYZE"))


def _without_indexes() -> list[str]:
    with system_session("demo: indexes aside", write=True, owner=True) as session:
        return indexes.aside(session, Base.metadata.tables)


def _in_processes(work: list[tuple[Any, ...]], told: Told, count: int) -> None:
    settings = current_app.config["SETTINGS"]
    with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(settings,)) as pool:
        for done in as_completed([pool.submit(one, *station) for station in work]):
            told(done.result())


def _begin(settings: Any) -> None:
    """An app of its own for a process that fills stations."""
    create_app(settings).app_context().push()
