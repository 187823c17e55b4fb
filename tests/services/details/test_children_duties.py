"""What the facts ask for in the work with children: birthdays and re-assessment, reckoned when read, ended by facts or by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from caseapp.core.errors import Conflict
from caseapp.domains import children_rules as rules
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.queries.casework import cases, clients
from caseapp.queries.casework.duties import Whose
from caseapp.queries.details.children.duties import duties
from caseapp.schemas.casework.consent import RecordConsent
from caseapp.schemas.casework.task import EndTask
from caseapp.services.casework import consents, tasks
from caseapp.services.casework.clients import classes
from tests import children, rows


def kinds(actor: Any, days: int = 30) -> dict[str, date]:
    """What is asked of an actor until so many days ahead."""
    return {d.kind: d.on for d in duties(Whose(clock.today() + timedelta(days=days), actor.user_id))}


def turning(session: Any, cast: Any, years: int, in_days: int, **more: Any) -> Any:
    """A child of Bo who turns that age in so many days."""
    day = clock.today() + timedelta(days=in_days)
    person = children.child(session, cast, "Riverside", f"turns {years}", cast.users["bo"], **more)
    person.birth_on = dates.birthday(day, -years)
    session.flush()
    return person


def guardian_agreed(session: Any, person: Any) -> None:
    consent = c.Consent(
        client_id=person.id, basis="consent", text_version="1", language="zh", scopes=["service", "minor_data"], signer="guardian",
        signed_on=clock.today() - timedelta(days=400), created_at=clock.now(),
    )  # fmt: skip
    consent.belongs_to(person)
    session.add(consent)


@pytest.mark.parametrize("in_days", [-3, 0, 20])
def test_fourteen_asks_for_own_consent_until_it_is_there(as_: Any, cast: Any, app: Any, in_days: int) -> None:
    with system_session("rows", write=True) as session:
        person = turning(session, cast, 14, in_days)
        guardian_agreed(session, person)
        key = person.id
    bo = as_("bo")
    assert kinds(bo) == {"own_consent": clock.today() + timedelta(days=in_days)}
    assert kinds(bo, days=-10) == {}, "not before its time"
    assert kinds(as_("ben")) == {}, "it is Bo's child"
    if in_days > 0:
        return
    bo = as_("bo")
    command = RecordConsent(basis="consent", scopes=("service",), signer="self", child_heard=True, signed_on=clock.today())
    consents.record(command, clients.one(key), bo)
    assert kinds(bo) == {}


def test_a_duty_ends_by_hand_with_a_reason(as_: Any, cast: Any, app: Any) -> None:
    with system_session("rows", write=True) as session:
        person = turning(session, cast, 14, -1)
        guardian_agreed(session, person)
        key = person.id
    bo = as_("bo")
    day = kinds(bo)["own_consent"]
    tasks.end_duty(EndTask("undone", "does not want to sign"), "own_consent", day, clients.one(key), bo)
    assert kinds(bo) == {}


def test_sixteen_ends_a_left_behind_childhood(as_: Any, cast: Any, app: Any) -> None:
    with system_session("rows", write=True) as session:
        person = turning(session, cast, 16, 5)
        tag = c.TargetTag(client_id=person.id, code="CH03", from_on=date(2025, 1, 1), created_at=clock.now())
        tag.belongs_to(person)
        session.add(tag)
        key = person.id
    bo = as_("bo")
    assert set(kinds(bo)) == {"not_left_behind"}
    row = db.session.query(c.TargetTag).filter(c.TargetTag.client_id == key).one()
    row.to_on = clock.today()
    db.session.flush()
    assert kinds(bo) == {}


def test_eighteen_files_the_file_anew(as_: Any, cast: Any, app: Any) -> None:
    with system_session("rows", write=True) as session:
        grown = turning(session, cast, 18, -2)
        rows.visit(session, grown, cast.users["bo"], clock.today() - timedelta(days=20))
        secret = children.case(session, grown, cast.users["bo"], klass="P3")
        young = turning(session, cast, 17, 3)
        keys = grown.id, young.id, secret.id
    bo = as_("bo")
    assert set(kinds(bo)) == {"came_of_age"}
    with pytest.raises(Conflict):
        classes.come_of_age(clients.one(keys[1]), bo)
    classes.come_of_age(clients.one(keys[0]), bo)
    db.session.commit()
    bo = as_("bo")
    assert kinds(bo) == {}
    ben = as_("ben")
    assert clients.one(keys[0]).klass == "P2" and db.session.query(c.Visit).count() == 1, "open to the station now"
    assert db.session.get(c.Case, keys[2]) is None, "what is restricted stays so"
    assert ben is not None


@pytest.mark.parametrize(("precision", "asked"), [("day", True), ("month", False), ("year", False), ("estimate", False)])
def test_a_birth_known_in_part_is_waited_out(as_: Any, cast: Any, app: Any, precision: str, asked: bool) -> None:
    """Eighteen since the first of this month; by what is known the birthday may still be to come."""
    with system_session("rows", write=True) as session:
        person = children.child(session, cast, "Riverside", "about", cast.users["bo"])
        first = clock.today().replace(day=1)
        person.birth_on, person.birth_precision = dates.birthday(first, -18), precision
    found = kinds(as_("bo"), days=0)
    assert ("came_of_age" in found) == (asked or clock.today() == dates.month_end(clock.today()))


def test_a_child_of_unknown_age_stays_a_child(as_: Any, cast: Any, app: Any) -> None:
    with system_session("rows", write=True) as session:
        person = children.child(session, cast, "Riverside", "nobody", cast.users["bo"])
        person.birth_on, person.birth_precision = None, "unknown"
        key = person.id
    actor = as_("bo")
    client = clients.one(key)
    classes.reclass(client, actor)
    assert client.klass == "minor"


def assessed(session: Any, case: Any, person: Any, day: date, level: str = "low") -> Any:
    row = c.Assessment(
        client_id=person.id, case_id=case.id, instrument="child_guardianship", instrument_version="1", reason="first", assessed_on=day,
        state="complete", level=level, due_on=dates.add_months(day, 6 if level == "low" else 1), created_at=clock.now(),
    )  # fmt: skip
    row.belongs_to(case)
    session.add(row)
    session.flush()
    return row


def test_the_last_assessment_asks_for_the_next(as_: Any, cast: Any, app: Any) -> None:
    today = clock.today()
    with system_session("rows", write=True) as session:
        person = children.child(session, cast, "Riverside", "Mei", cast.users["bo"])
        case = children.case(session, person, cast.users["bo"])
        assessed(session, case, person, dates.add_months(today, -7))
        key, person_id = case.id, person.id
    bo = as_("bo")
    assert kinds(bo) == {"child_reassess": dates.add_months(dates.add_months(today, -7), 6)}
    ann = as_("ann")
    late = duties(Whose(today, ann.user_id, late_of_all=True))
    assert [d.kind for d in late] == ["child_reassess"], "late: the head sees it too"
    db.session.rollback()
    with system_session("again", write=True) as session:
        assessed(session, session.get(c.Case, key), session.get(c.Client, person_id), today)
    assert kinds(as_("bo")) == {}


def test_march_and_september_where_a_county_wants_it(as_: Any, cast: Any, app: Any) -> None:
    with system_session("rows", write=True) as session:
        person = children.child(session, cast, "Riverside", "Mei", cast.users["bo"])
        case = children.case(session, person, cast.users["bo"])
        ids = (
            case.id,
            assessed(session, case, person, date(2026, 2, 10)).id,
            assessed(session, case, person, date(2026, 3, 20), "high").id,
        )
        session.add(
            o.Setting(
                organisation_id=cast.places["county"], name="children.reassess_in_months", value=[3, 9], from_on=date(2026, 1, 1), set_at=clock.now()
            )
        )  # fmt: skip
    as_("bo")
    case = cases.one(ids[0])
    low, high = (db.session.get(c.Assessment, key) for key in ids[1:])
    rules.assessed(case, low)
    assert low.due_on == date(2026, 3, 31)
    rules.assessed(case, high)
    assert high.due_on == date(2026, 4, 20), "the level asks for it before the fixed month"
    assert rules.next_in(date(2026, 3, 20), [3, 9]) == date(2026, 9, 30) and rules.next_in(date(2026, 3, 20), []) is None
