"""A small invented county for figures: people, stays, visits, tags and cases written in bulk, seeded."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o

TODAY = date(2026, 10, 12)


def township(session: Session, code: str, parent_path: str, parent_id: UUID, name: str) -> tuple[UUID, str]:
    """A township with one station below a county; returns the station's id and path."""
    short = code[:9]
    session.add(
        o.Division(code=code, name=name, level="township", parent_code=parent_path.strip("/")[-6:] + "000000", source="test")
    )
    session.flush()
    made = []
    path, above = f"{parent_path}{short}/", parent_id
    for kind, below in (("township", path), ("station", f"{path}s1/")):
        row = o.Organisation(
            kind=kind, name=name, short_name=name, path=below, division_code=code, parent_id=above, created_at=clock.now()
        )
        session.add(row)
        session.flush()
        above = row.id
        made.append(row)
    return made[1].id, made[1].path


def people(
    session: Session, station: UUID, path: str, worker: UUID, count: int, seed: int, *, quarter: date = date(2026, 7, 1)
) -> list[UUID]:
    """People on file with a stay, some with a tag of special hardship, visits in the quarter and a few cases."""
    dice = random.Random(seed)
    now, rows = (
        clock.now(),
        {model: [] for model in (c.Client, c.Enrolment, c.TargetTag, c.Visit, c.VisitPerson, c.Case, c.ServiceRecord)},
    )
    ids = []
    for number in range(count):
        key = uuid7()
        ids.append(key)
        age = dice.choices((9, 40, 65, 75, 85), (4, 10, 30, 35, 21))[0] + dice.randrange(5)
        common: dict[str, Any] = {"station_path": path, "klass": "minor" if age < 18 else "P1", "file_id": key}
        rows[c.Client].append(
            {
                "id": key,
                **common,
                "station_id": station,
                "file_no": f"F{path[-12:-4]}{number}-{key.hex[-6:]}",
                "name": f"Person {number}",
                "name_key": f"person {number}",
                "initials": "p",
                "sex": dice.choice("12"),
                "birth_on": date(2026 - age, 3, 1),
                "birth_precision": "day",
                "state": "on_file",
                "is_unidentified": False,
                "risk": "green",
                "version": 1,
                "created_at": now,
            }
        )
        rows[c.Enrolment].append(
            {
                "id": uuid7(),
                **common,
                "client_id": key,
                "organisation_id": station,
                "from_on": date(2025, 1, 5),
                "version": 1,
                "created_at": now,
            }
        )
        if age >= 60 and dice.random() < 0.5:
            rows[c.TargetTag].append(
                {
                    "id": uuid7(),
                    **common,
                    "client_id": key,
                    "code": dice.choice(("EL02", "EL03", "EL05")),
                    "status": "confirmed",
                    "from_on": date(2025, 2, 1),
                    "created_at": now,
                }
            )
        for _visit in range(dice.choice((0, 1, 2, 3, 3))):
            day = quarter + timedelta(days=dice.randrange(90))
            visit = uuid7()
            rows[c.Visit].append(
                {
                    "id": visit,
                    **common,
                    "station_id": station,
                    "worker_id": worker,
                    "happened_on": day,
                    "minutes": 30,
                    "kind": dice.choice(("home", "home", "phone", "office")),
                    "late": False,
                    "version": 1,
                    "created_at": now,
                }
            )
            rows[c.VisitPerson].append(
                {
                    "id": uuid7(),
                    **common,
                    "visit_id": visit,
                    "client_id": key,
                    "happened_on": day,
                    "outcome": dice.choice(("done", "done", "done", "not_met")),
                    "voided": False,
                }
            )
            rows[c.ServiceRecord].append(
                {
                    "id": uuid7(),
                    **common,
                    "station_id": station,
                    "kind": "visit",
                    "item": dice.choice(("B1.1", "B1.2", "A2.1")),
                    "catalogue_version": "2021.1",
                    "happened_on": day,
                    "minutes": 30,
                    "worker_id": worker,
                    "client_id": key,
                    "visit_id": visit,
                    "created_at": now,
                }
            )
        if dice.random() < 0.1:
            case = uuid7()
            rows[c.Case].append(
                {
                    "id": case,
                    **{**common, "file_id": case},
                    "station_id": station,
                    "case_no": f"C-{case.hex[-10:]}",
                    "domain": "elderly" if age >= 60 else "children" if age < 18 else "assistance",
                    "status": "serving",
                    "case_type": "formal",
                    "urgency": "ordinary",
                    "client_id": key,
                    "worker_id": worker,
                    "risk": "green",
                    "source": "visit",
                    "found_on": quarter,
                    "opened_on": quarter + timedelta(days=dice.randrange(-60, 80)),
                    "stage_since": quarter,
                    "reopened": 0,
                    "version": 1,
                    "created_at": now,
                }
            )
    for model, values in rows.items():
        if values:
            session.execute(insert(model), values)
    return ids
