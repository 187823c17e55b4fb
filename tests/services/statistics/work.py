"""What stations do beyond visits, for people of the world: came and went, groups, consultations, assessments, closed cases."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c

QUARTER = date(2026, 7, 1)


def work(session: Session, station: UUID, path: str, worker: UUID, seed: int) -> None:
    """Written for everybody on file at one station, in bulk, seeded."""
    dice, now = random.Random(seed), clock.now()
    people = session.execute(select(c.Client.id, c.Client.klass).where(c.Client.station_path == path).order_by(c.Client.id)).all()
    rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in (c.TargetTag, c.ServiceRecord, c.Assessment, c.Case)}
    for key, klass in people:
        common = {"station_path": path, "klass": klass, "file_id": key, "client_id": key, "created_at": now}
        day = QUARTER + timedelta(days=dice.randrange(90))
        for code in dice.sample(("SA01", "DI01", "CH03", "EL04", "SA04"), dice.choice((0, 0, 1, 2))):
            tag = {"code": code, "status": dice.choice(("confirmed", "confirmed", "suspected")), "from_on": date(2025, 3, 1)}
            rows[c.TargetTag].append({"id": uuid7(), **common, **tag})
        if dice.random() < 0.3:
            record = {
                "station_id": station,
                "kind": dice.choice(("consultation", "case")),
                "item": dice.choice(("A1.4", "A2.1", "C2.2", "D3.4", "E1.5", "E4.1")),
                "catalogue_version": "2021.1",
                "happened_on": day,
                "minutes": 20,
                "worker_id": worker,
                "topic": dice.choice(("assistance", "medical", "marriage", "housing")),
            }
            rows[c.ServiceRecord].append({"id": uuid7(), **common, **record})
        if dice.random() < 0.3:
            found = {
                "instrument": "gbt42195",
                "instrument_version": "2022",
                "reason": dice.choice(("first", "regular", "dispute")),
                "assessed_on": day,
                "state": "complete",
                "level": dice.choice("01234"),
                "confirmed_at": now,
                "version": 1,
            }
            rows[c.Assessment].append({"id": uuid7(), **common, **found})
        if dice.random() < 0.15:
            case = uuid7()
            ended = {
                "station_id": station,
                "file_id": case,
                "case_no": f"W-{case.hex[-10:]}",
                "domain": dice.choice(("elderly", "assistance", "affairs")),
                "status": "closed",
                "case_type": "formal",
                "urgency": "ordinary",
                "risk": "green",
                "source": "visit",
                "found_on": date(2026, 2, 1),
                "opened_on": date(2026, 2, 1) + timedelta(days=dice.randrange(180)),
                "stage_since": day,
                "closed_on": QUARTER + timedelta(days=dice.randrange(60, 90)),
                "closing_reason": dice.choice(("achieved", "achieved", "moved", "deceased", "lost")),
                "reopened": 0,
                "version": 1,
            }
            rows[c.Case].append({"id": case, **common, **ended})
    for model, values in rows.items():
        if values:
            session.execute(insert(model), values)
    stays(session, path, dice)


def stays(session: Session, path: str, dice: random.Random) -> None:
    """Some of those on file came in the quarter only; some who were on file left in it."""
    held = session.scalars(select(c.Enrolment).where(c.Enrolment.station_path == path).order_by(c.Enrolment.id)).all()
    for number, stay in enumerate(held):
        if dice.random() < 0.2:
            stay.from_on = QUARTER + timedelta(days=dice.randrange(90))
        if number % 9 == 0:
            gone = c.Enrolment(client_id=stay.client_id, organisation_id=stay.organisation_id, created_at=clock.now())
            gone.belongs_to(stay)
            gone.from_on, gone.to_on = date(2024, 1, 1), QUARTER + timedelta(days=dice.randrange(90))
            gone.end_reason = dice.choice(("moved", "deceased", "institution", "merged"))
            session.add(gone)
    session.flush()
