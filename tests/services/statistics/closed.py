"""Invented closed cases in bulk, enough for an extract: a county of 1,100, a few elsewhere, and every kind that is in none."""

import json
import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.models import casework as c
from tests.cast import Cast

PLANTED = "Planted Person"  # the name of everybody here: it must stand in no file


def closed(session: Session, cast: Cast, year: int, count: int, *, elsewhere: int = 20, seed: int = 1) -> list[UUID]:
    """Closed cases of one year at Riverside and Hillside (one county), some at Faraway; returns the ids of those in the county."""
    dice, now = random.Random(seed), clock.now()
    found: list[UUID] = []
    rows: dict[Any, list[dict[str, Any]]] = {c.Client: [], c.Case: [], c.Enrolment: [], c.TargetTag: []}
    for number in range(count + elsewhere):
        station = "Faraway" if number >= count else dice.choice(("Riverside", "Hillside"))
        client, case = uuid7(), uuid7()
        at = {"station_path": cast.paths[station], "klass": "P2", "created_at": now}
        shut = date(year, 1, 1) + timedelta(days=dice.randrange(365))
        rows[c.Client].append(
            {
                "id": client, "file_id": client, "station_id": cast.places[station], "file_no": f"X{client.hex}", "name": PLANTED,
                "name_key": "planted", "initials": "p", "sex": dice.choice("12"), "birth_on": date(year - dice.choice((30, 50, 66, 72, 84)), 3, 2),
                "birth_precision": "day", "state": "ended", "is_unidentified": False, "risk": "green", "version": 1,
                "ethnic": dice.choice(("01", "10")), "registered_code": "222403101201", "benefits": dice.choice((["dibao"], ["advanced_age"], None)),
                **at,
            }
        )  # fmt: skip
        closing = {"satisfaction": dice.choice((1, 3, 5)), "own_view": "words of the person"}
        sealed = keys.ring().seal(json.dumps(closing).encode(), keys.bound("case", "closing_enc", case))
        rows[c.Case].append(
            {
                "id": case, "file_id": case, "station_id": cast.places[station], "case_no": f"C{case.hex}", "client_id": client,
                "domain": dice.choice(("assistance", "elderly", "affairs", "governance")), "status": "archived", "case_type": "formal",
                "urgency": "ordinary", "worker_id": cast.users["bo"], "risk": dice.choice(("red", "orange", "blue", "green")),
                "source": "visit", "found_on": shut, "opened_on": shut - timedelta(days=dice.randrange(400)), "stage_since": shut,
                "closed_on": shut, "closing_reason": dice.choice(("achieved", "moved", "client_ended", "institution")),
                "closing_enc": sealed, "reopened": 0, "version": 1, "holds_restricted": False, **at,
            }
        )  # fmt: skip
        if station != "Faraway":
            found.append(case)
    for model, values in rows.items():
        for start in range(0, len(values), 500):
            session.execute(insert(model), values[start : start + 500])
    return found


def in_none(session: Session, cast: Cast, year: int) -> None:
    """What no extract takes: a community's case, a restricted one, one that holds something restricted, one at work again."""
    for more in (
        {"client_id": None, "community_code": "222403101201"},
        {"klass": "P3"},
        {"holds_restricted": True},
        {"status": "serving"},
    ):
        person = c.Client(
            station_id=cast.places["Riverside"], file_no=f"N{uuid7().hex}", name=PLANTED, name_key="planted", initials="p", sex="1",
            station_path=cast.paths["Riverside"], klass=more.get("klass", "P2"), file_id=uuid7(), created_at=clock.now(),
        )  # fmt: skip
        session.add(person)
        session.flush()
        key = uuid7()
        values = {
            "id": key, "file_id": key, "station_id": cast.places["Riverside"], "station_path": cast.paths["Riverside"], "klass": "P2",
            "case_no": f"N{key.hex}", "domain": "elderly", "status": "closed", "client_id": person.id, "source": "visit", "risk": "red",
            "found_on": date(year, 2, 1), "opened_on": date(year, 2, 1), "stage_since": date(year, 5, 1), "closed_on": date(year, 5, 1),
            "closing_reason": "achieved", "created_at": clock.now(),
        }  # fmt: skip
        session.add(c.Case(**(values | more)))
    session.flush()
