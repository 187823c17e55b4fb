"""Every measure over a small world written by hand: each number is reckoned here on paper, on both engines."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.statistics import StatFact
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh import refresh
from tests import rows
from tests.services.statistics import own
from tests.services.statistics.fixtures import Q3

Told = dict[str, tuple[int, int]]  # key → (value, persons)

# A is at Riverside, and with the same papers at Hillside as A2. B and C are young, D left, E is restricted, F was a duplicate.
EXPECTED: dict[str, Told] = {
    "on_file": {
        "": (4, 4),
        "age_band=0-17": (1, 1),
        "age_band=18-59": (1, 1),
        "age_band=70-79": (1, 1),
        "age_band=80+": (1, 1),
        "sex=1": (2, 2),
        "sex=2": (2, 2),
        "group=alone": (1, 1),
        "group=destitute": (1, 1),
        "age_band=0-17;sex=1": (1, 1),
        "age_band=18-59;sex=1": (1, 1),
        "age_band=70-79;sex=2": (1, 1),
        "age_band=80+;sex=2": (1, 1),
    },
    "enrolled": {"": (2, 2), "age_band=18-59": (1, 1), "age_band=80+": (1, 1)},
    "ended": {"": (1, 1), "end=other": (1, 1)},
    "visits": {
        "": (5, 3),
        "age_band=70-79": (1, 1),
        "age_band=80+": (4, 2),
        "sex=2": (5, 3),
        "group=alone": (3, 1),
        "visit_kind=home": (2, 1),
        "visit_kind=phone": (1, 1),
        "visit_kind=video": (1, 1),
        "visit_kind=office": (1, 1),
        "outcome=done": (3, 3),
        "outcome=family_only": (1, 1),
        "outcome=not_met": (1, 1),
        "entry=current": (5, 3),
    },
    "visited": {"": (2, 2), "age_band=70-79": (1, 1), "age_band=80+": (1, 1), "sex=2": (2, 2), "group=alone": (1, 1)},
    "duty": {"": (3, 1), "met=met": (1, 1), "met=not_met": (2, 1)},
    "cases_opened": {"": (2, 1), "domain=elderly": (1, 1), "domain=governance": (1, 0)},
    "cases_active": {
        "": (4, 2),
        "domain=elderly": (2, 1),
        "domain=assistance": (1, 1),
        "domain=governance": (1, 0),
        "status=planning": (1, 1),
        "status=assessing": (1, 1),
        "status=serving": (2, 1),
        "domain=elderly;status=planning": (1, 1),
        "domain=elderly;status=serving": (1, 1),
        "domain=assistance;status=assessing": (1, 1),
        "domain=governance;status=serving": (1, 0),
        "subject=client": (2, 1),
        "subject=household": (1, 1),
        "subject=community": (1, 0),
    },
    "cases_closed": {"": (1, 1), "domain=affairs": (1, 1), "reason=moved": (1, 1)},
    "services": {
        "": (27, 2),
        "domain=elderly": (1, 1),
        "domain=governance": (25, 0),
        "domain=affairs": (1, 1),
        "section=B1": (1, 1),
        "section=D2": (25, 0),
        "section=E4": (1, 1),
        "item=B1.1": (1, 1),
        "item=D2.2": (25, 0),
        "item=E4.1": (1, 1),
        "served_age=70-79": (1, 1),
        "served_age=80+": (1, 1),
        "served_age=unknown": (25, 0),
        "served_sex=2": (2, 2),
        "served_sex=unknown": (25, 0),
        "domain=elderly;served_age=80+": (1, 1),
        "domain=governance;served_age=unknown": (25, 0),
        "domain=affairs;served_age=70-79": (1, 1),
        "domain=elderly;served_sex=2": (1, 1),
        "domain=governance;served_sex=unknown": (25, 0),
        "domain=affairs;served_sex=2": (1, 1),
        "served_age=80+;served_sex=2;domain=elderly": (1, 1),
        "served_age=unknown;served_sex=unknown;domain=governance": (25, 0),
        "served_age=70-79;served_sex=2;domain=affairs": (1, 1),
        "entry=current": (27, 2),
    },
    "consultations": {"": (1, 0), "domain=assistance": (1, 0), "topic=other": (1, 0)},
    "hours": {
        "": (125, 2),
        "domain=elderly": (30, 1),
        "domain=governance": (60, 0),
        "domain=assistance": (15, 0),
        "domain=affairs": (20, 1),
    },
    "assessments": {"": (4, 2), "assessed=first": (1, 1), "assessed=change": (3, 2)},
    "ability": {"": (1, 1), "ability=3": (1, 1)},
    "referrals": {
        "": (5, 1),
        "referral_kind=domain": (1, 1),
        "referral_kind=station": (2, 1),
        "referral_kind=outside": (2, 1),
        "referral_outcome=waiting": (1, 1),
        "referral_outcome=accepted": (1, 1),
        "referral_outcome=completed": (1, 1),
        "referral_outcome=rejected": (1, 1),
        "referral_outcome=revoked": (1, 1),
    },
}

ALL = EXPECTED | own.EXPECTED


@pytest.fixture
def by_hand(engine: Any, cast: Any, after_quarter: None) -> Any:
    """The world behind EXPECTED."""
    with engine.app.app_context(), system_session("a world by hand", write=True) as session:
        people = _people(session, cast)
        _visits(session, people, cast)
        _cases(session, people, cast)
        _records(session, people, cast)
        _assessments(session, people)
        _referrals(session, people, cast)
        own.lay(session, people, cast)
    return cast


def _people(session: Any, cast: Any) -> dict[str, c.Client]:
    def one(name: str, station: str, from_on: date = date(2026, 1, 5), **more: Any) -> c.Client:
        found[name] = rows.client(session, cast, station, name, **more)
        stay = session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == found[name].id)).one()
        stay.from_on = from_on
        return found[name]

    def left(name: str, on: date, reason: str) -> None:
        stay = session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == found[name].id)).one()
        stay.to_on, stay.end_reason = on, reason

    found: dict[str, c.Client] = {}
    one("A", "Riverside")
    one("A2", "Hillside", date(2026, 8, 10))
    for name in ("A", "A2"):
        paper = c.IdentityDocument(client_id=found[name].id, kind="resident", number_index=b"papers of A", created_at=clock.now())
        paper.belongs_to(found[name])
        session.add(paper)
    one("B", "Riverside", sex="1", birth_on=date(2011, 10, 1), klass="minor")
    one("C", "Riverside", date(2026, 7, 15), sex="1", birth_on=date(2008, 9, 30))  # eighteen on the last day
    one("D", "Hillside", sex="0", birth_on=None, birth_precision="unknown")
    left("D", Q3.last_day, "no_longer_eligible")
    one("E", "Hillside", klass="P3", birth_on=date(1955, 5, 5))
    one("F", "Hillside")
    left("F", date(2026, 8, 1), "merged")
    tags = (
        ("A", "EL03", "confirmed", date(2026, 2, 1), None),
        ("A", "SA01", "suspected", date(2026, 2, 1), None),
        ("C", "SA02", "confirmed", date(2026, 9, 30), None),
        ("B", "CH03", "confirmed", date(2026, 1, 1), date(2026, 9, 30)),  # no longer on the last day
        ("E", "MF04", "confirmed", date(2026, 2, 1), None),  # restricted: in no group
    )
    for name, code, status, first, last in tags:
        tag = c.TargetTag(client_id=found[name].id, code=code, status=status, from_on=first, to_on=last, created_at=clock.now())
        tag.belongs_to(found[name])
        session.add(tag)
    return found


def _visits(session: Any, people: dict[str, c.Client], cast: Any) -> None:
    def one(name: str, day: date, outcome: str = "done", kind: str = "home", **more: Any) -> c.Visit:
        visit = rows.visit(session, people[name], cast.users["bo"], day, outcome, **more)
        visit.kind = kind
        return visit

    one("A", date(2026, 6, 30), late=True)  # written in July, of the quarter before
    one("A", date(2026, 7, 5))
    one("A", date(2026, 8, 3), "family_only", "phone")
    wrong = one("A", date(2026, 9, 1))
    wrong.voided_at = clock.now()
    session.scalars(select(c.VisitPerson).where(c.VisitPerson.visit_id == wrong.id)).one().voided = True
    one("A", date(2026, 9, 2), "refused", moved_from_id=wrong.id)
    one("A2", date(2026, 9, 10), kind="office")
    one("E", date(2026, 9, 30), kind="video")
    one("E", date(2026, 10, 1))


def _cases(session: Any, people: dict[str, c.Client], cast: Any) -> None:
    bo = cast.users["bo"]

    def one(name: str, opened: date, *stages: tuple[date, str], **more: Any) -> c.Case:
        row = rows.case(session, people[name], bo, opened_on=opened, **more)
        for day, stage in stages:
            event = c.CaseEvent(case_id=row.id, step="moved", to_status=stage, happened_on=day, at=clock.now())
            event.belongs_to(row)
            session.add(event)
        return row

    first = (date(2026, 8, 3), "assessing"), (date(2026, 8, 20), "planning"), (date(2026, 10, 5), "serving")
    one("A", date(2026, 8, 3), *first, status="serving")
    home = c.Household(
        station_id=people["E"].station_id,
        station_path=people["E"].station_path,
        klass="P2",
        household_no="H-1",
        name="a home",
        name_key="a home",
        created_at=clock.now(),
    )
    home.file_id = home.id = people["F"].id
    session.add(home)
    session.flush()
    one("E", date(2026, 5, 1), klass="P2", client_id=None, household_id=home.id, domain="assistance", status="assessing")
    place = {"client_id": None, "community_code": "222403101201", "domain": "governance", "status": "serving"}
    one("A", date(2026, 7, 20), **place)
    ended = {"status": "closed", "closed_on": Q3.last_day, "closing_reason": "lost"}
    one("E", date(2026, 3, 1), (date(2026, 3, 1), "serving"), (Q3.last_day, "closed"), domain="affairs", **ended)
    one("C", date(2026, 7, 16), status="declined", stage_since=date(2026, 7, 16))
    again = (date(2026, 7, 10), "closed"), (date(2026, 10, 8), "serving")  # closed at the quarter's end, open now
    one("B", date(2026, 2, 1), *again, domain="children", status="serving")
    later = (date(2026, 6, 1), "serving"), (date(2026, 10, 9), "closed")  # open at the quarter's end, closed now
    one("A", date(2026, 6, 1), *later, status="closed", closed_on=date(2026, 10, 9), closing_reason="achieved")


def _records(session: Any, people: dict[str, c.Client], cast: Any) -> None:
    def one(
        name: str, kind: str, item: str, minutes: int, day: date = date(2026, 7, 5), *, alone: bool = False, **more: Any
    ) -> None:
        row = c.ServiceRecord(
            station_id=people[name].station_id,
            kind=kind,
            item=item,
            catalogue_version="2021.1",
            happened_on=day,
            minutes=minutes,
            worker_id=cast.users["bo"],
            client_id=None if alone else people[name].id,
            created_at=clock.now(),
            **more,
        )
        row.belongs_to(people[name])
        session.add(row)

    one("A", "visit", "B1.1", 30)
    one("A", "station", "D2.2", 60, alone=True, head_count=25)
    one("A", "consultation", "A1.5", 15, alone=True, topic="housing")
    one("E", "case", "E4.1", 20)
    one("A", "visit", "B1.2", 30, voided_at=clock.now())
    one("A", "visit", "B1.2", 30, date(2026, 10, 1))


def _referrals(session: Any, people: dict[str, c.Client], cast: Any) -> None:
    case = session.scalars(select(c.Case).where(c.Case.client_id == people["A"].id, c.Case.opened_on == date(2026, 8, 3))).one()
    begin, end, soon = clock.midnight(Q3.first_day), clock.midnight(date(2026, 10, 1)), timedelta(seconds=1)

    def one(kind: str, status: str, sent: datetime | None, decided: date | None = None, ended: date | None = None) -> None:
        row = c.Referral(
            referral_no=f"R-{uuid7()}",
            kind=kind,
            status=status,
            from_station_id=case.station_id,
            from_path=case.station_path,
            klass=case.klass,
            file_id=case.id,
            sent_at=sent,
            decided_on=decided,
            ended_at=clock.midnight(ended) if ended else None,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        wish = c.ReferralRequest(
            referral_id=row.id,
            case_id=case.id,
            client_id=case.client_id,
            sections=["person"],
            basis="consent",
            signed_on=date(2026, 6, 30),
            created_at=clock.now(),
        )
        wish.belongs_to(case)
        session.add(wish)

    one("domain", "draft", None)
    one("station", "rejected", begin, date(2026, 8, 2), date(2026, 8, 2))
    one("station", "sent", begin - soon)  # of the quarter before
    one("station", "accepted", end - soon, date(2026, 10, 2))  # waiting on the last day
    one("station", "sent", end)  # of the next quarter
    one("outside", "completed", begin, date(2026, 8, 5), date(2026, 10, 3))  # at work on the last day
    one("outside", "completed", begin, date(2026, 8, 5), date(2026, 9, 20))
    one("domain", "revoked", begin, None, date(2026, 9, 1))


def _assessments(session: Any, people: dict[str, c.Client]) -> None:
    def one(name: str, day: date, level: str, **more: Any) -> None:
        values = {"reason": "first", "state": "complete", "confirmed_at": clock.now(), **more}
        row = c.Assessment(
            client_id=people[name].id,
            instrument="gbt42195",
            instrument_version="2022",
            assessed_on=day,
            level=level,
            created_at=clock.now(),
            **values,
        )
        row.belongs_to(people[name])
        session.add(row)
        session.flush()

    one("A", date(2026, 7, 6), "2")
    one("A", date(2026, 9, 20), "3", reason="change")
    one("A", date(2026, 9, 25), "4", voided_at=clock.now())
    one("C", date(2026, 8, 1), "1", confirmed_at=None)
    one("E", date(2026, 6, 30), "1")


def test_every_measure_counts_what_was_reckoned_by_hand(by_hand: Any) -> None:
    refresh(Q3)
    told: dict[str, Told] = {}
    with system_session("test") as session:
        for fact in session.scalars(select(StatFact).where(StatFact.period == str(Q3))):
            held = told.setdefault(fact.measure, {})
            value, persons = held.get(fact.dims_key, (0, 0))
            held[fact.dims_key] = (value + fact.value, persons + fact.persons)
    for measure in newest().linked():
        assert told.pop(measure, {}) == ALL[measure], measure
    assert not told


def test_the_expected_figures_add_up() -> None:
    """Where a dimension covers everybody, its values add up to the total: a slip in the table above would be told here."""
    for measure, told in ALL.items():
        for name, dimension in newest().dimensions.items():
            values = [value for key, (value, _persons) in told.items() if key.startswith(f"{name}=") and ";" not in key]
            if values and not dimension.overlap:
                assert sum(values) == told[""][0], (measure, name)
