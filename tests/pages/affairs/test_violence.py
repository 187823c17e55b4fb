"""Domestic violence: the report that the law asks for, the safety plan, answers, safe contact, violence that comes to light."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from tests import rows
from tests.pages.affairs.story import agree, entry, one, opened, rows_of, send

PLACE = "后院门没锁，走到村委会"


@pytest.fixture
def case(web: Any, person: Any) -> str:
    """Bo's case of violence against Wang."""
    return opened(web("bo"), person, "family", "MF04")


def minute(ago: int) -> str:
    return f"{clock.local(clock.now() - timedelta(minutes=ago)):%Y-%m-%dT%H:%M}"


def test_without_full_capacity_the_police_are_told_and_the_minutes_count(engine: Any, web: Any, case: str) -> None:
    bo, ann = web("bo"), web("ann")
    assert "110" not in bo.get(case).words
    page = send(bo, f"{case}/violence", capacity="limited", found_at=minute(50), what_happened="手臂有淤青")
    assert "110" in page.words and "article 14" in page.words
    assert {(t.for_role, t.due_on) for t in rows_of(engine, c.Task, c.Task.kind == "police_duty", c.Task.state == "open")} == {
        (None, clock.today()),
        ("station_head", clock.today()),
    }
    assert "article 14" in ann.get(case).words and "report the violence to the police" in ann.get("/").words.lower()

    early = send(bo, f"{case}/police-report", 422, reported_at=minute(60), how="station_phone", told="东村派出所民警")
    assert "before the violence was found" in early.words and "东村派出所民警" in early.text
    ahead = send(bo, f"{case}/police-report", 422, reported_at=minute(-30), how="station_phone", told="东村派出所民警")
    assert "still to come" in ahead.words
    page = send(bo, f"{case}/police-report", reported_at=minute(38), how="station_phone", told="东村派出所民警")
    assert "12 minutes after it was found" in page.words and "article 14" not in page.words
    assert rows_of(engine, c.Task, c.Task.kind == "police_duty", c.Task.state == "open") == []

    page = send(bo, entry(page, "report"), reason="记错了案件")
    assert "article 14" in page.words, "a report taken back was none"
    assert len(rows_of(engine, c.Task, c.Task.kind == "police_duty", c.Task.state == "open")) == 2
    send(bo, f"{case}/violence", capacity="full")
    assert rows_of(engine, c.Task, c.Task.kind == "police_duty", c.Task.state == "open") == []


def test_a_child_needs_no_capacity_to_be_reported(engine: Any, web: Any) -> None:
    birth = clock.today().replace(year=clock.today().year - 12, day=1)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = engine.cast.users["bo"]
        child = rows.client(session, engine.cast, "Riverside", "李小雨", worker_id=bo, birth_on=birth, klass="minor").id
    bo = web("bo")
    case = opened(bo, child, "family", "MF04")
    assert "article 14" in bo.get(case).words
    send(bo, f"{case}/violence", capacity="full")
    assert len(rows_of(engine, c.Task, c.Task.kind == "police_duty", c.Task.state == "open")) == 2


def test_the_plan_waits_for_the_danger_and_the_report(web: Any, case: str, person: Any) -> None:
    bo = web("bo")
    agree(bo, person)
    send(bo, f"{case}/violence", capacity="none")
    send(bo, f"{case}/steps/accept")
    assert "must be reported to the police first" in bo.get(f"{case}/steps/plan").words
    send(bo, f"{case}/police-report", reported_at=minute(0), how="station_phone", told="东村派出所民警")
    page = bo.get(f"{case}/steps/plan")
    assert "danger must be assessed" in page.words and "police first" not in page.words
    bo.post(f"{case}/steps/plan", page.form(), status=409)


def test_the_safety_plan_is_sealed_and_not_on_paper(engine: Any, web: Any, case: str) -> None:
    bo = web("bo")
    page = send(bo, f"{case}/safety-plan", 422)
    assert "at least one thing" in page.words
    page = send(bo, f"{case}/safety-plan", safe_place=PLACE, code_word="酱油用完了")
    assert PLACE in page.words
    row = one(engine, m.SafetyPlan)
    assert row.klass == "P3" and PLACE.encode() not in row.safe_place_enc
    assert page.soup.find(string=lambda text: PLACE in text).find_parent(class_="no-print"), (
        "the page of the matter can be printed"
    )
    for shown in (case, f"{case}/print", f"{case}/history"):
        assert PLACE not in bo.get(shown).text and "酱油" not in bo.get(shown).text, shown


def test_of_two_editors_of_the_safety_plan_the_second_sees_both_texts(engine: Any, web: Any, case: str) -> None:
    bo, ann = web("bo"), web("ann")
    url = f"{case}/safety-plan"
    slow = ann.get(url).form()
    send(bo, url, safe_place=PLACE)
    stale = ann.post(url, slow | {"safe_place": "去姐姐家"}, status=409)
    assert PLACE in stale.words and "去姐姐家" in stale.words
    assert one(engine, m.SafetyPlan).safe_place == PLACE
    ann.post(url, stale.form() | {"keep-safe_place": "both"})
    assert {PLACE, "去姐姐家"} == set(one(engine, m.SafetyPlan).safe_place.splitlines())


def test_a_refusal_is_an_answer_and_stands_beside_a_later_yes(engine: Any, web: Any, case: str) -> None:
    bo, today = web("bo"), clock.today()
    found_on = one(engine, c.Case).found_on
    early = send(
        bo, f"{case}/paths/new", 422, path="shelter", answer="refused", happened_on=(found_on - timedelta(days=1)).isoformat()
    )
    assert "before the case was found" in early.words
    assert "Say what the person wants" in send(bo, f"{case}/paths/new", 422, path="shelter").words
    send(bo, f"{case}/paths/new", path="shelter", answer="refused", happened_on=today.isoformat())
    page = send(bo, f"{case}/paths/new", path="shelter", answer="wanted", happened_on=today.isoformat())
    assert [row.answer for row in rows_of(engine, m.ViolencePath)] == ["refused", "wanted"]
    latest = entry(page, "path")
    page = send(bo, latest, reason="写在别人名下了")
    assert "写在别人名下了" in page.words and len(rows_of(engine, m.ViolencePath)) == 2
    send(bo, latest, 409, reason="再来一次")
    assert [row.answer for row in rows_of(engine, m.ViolencePath, m.ViolencePath.voided_at.is_(None))] == ["refused"]


def test_safe_contact_is_agreed_in_the_case_and_stands_with_the_person(engine: Any, web: Any, case: str, person: Any) -> None:
    bo, ben = web("bo"), web("ben")
    assert "call nobody before it is" in bo.get(case).words
    url, words = f"{case}/safe-contact", "只在上午打，接通先说是村里"
    held = bo.get(url).form()
    send(bo, url, safe_contact=words)
    bo.post(url, held | {"safe_contact": "晚上打"}, status=409)
    assert one(engine, c.Client).safe_contact == words
    assert words in ben.get(f"/clients/{person}").words, "whoever may call reads it, without learning why"
    assert "AF-" not in ben.get(f"/clients/{person}").words


def test_children_at_home_are_named_with_what_can_be_done_for_them(engine: Any, web: Any, person: Any) -> None:
    birth = clock.today().replace(year=clock.today().year - 9, day=1)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        cast, bo = engine.cast, engine.cast.users["bo"]
        mother = session.get(c.Client, person)
        house = c.Household(
            station_id=mother.station_id, household_no="H-1", name="王家", name_key="wang", created_at=clock.now()
        )
        house.belongs_to(mother)
        house.file_id = house.id
        session.add(house)
        session.flush()
        child = rows.client(
            session, cast, "Riverside", "李小雨", worker_id=bo, birth_on=birth, klass="minor", household_id=house.id
        )
        mother.household_id = house.id
        for row, relation in ((mother, "self"), (child, "daughter")):
            member = c.HouseholdMember(household_id=house.id, client_id=row.id, relation_to_head=relation, created_at=clock.now())
            member.belongs_to(row)
            session.add(member)
        child = child.id
    bo = web("bo")
    page = bo.get(f"{opened(bo, person, 'family', 'MF04')}/matter")
    assert "李小雨" in page.words and "is harmed too" in page.words
    assert page.soup.select_one(f'a[href="/clients/{child}"]')


def test_violence_that_comes_to_light_shuts_the_file(engine: Any, web: Any, person: Any) -> None:
    bo, ben, ann = web("bo"), web("ben"), web("ann")
    case = opened(bo, person, "family", "MF02", request="两口子总吵架")
    send(bo, f"{case}/family", situation="为孩子上学争吵")
    assert "AF-" in ben.get(f"/clients/{person}").words
    ben.get(f"{case}/violence-found")
    send(ben, f"{case}/violence-found", 403, reason="听邻居说的")
    assert "Please fill this in" in send(bo, f"{case}/violence-found", 422).words
    stale = bo.get(f"{case}/violence-found").form()
    send(bo, f"{case}/risk", risk="orange", risk_reason="动手了")
    bo.post(f"{case}/violence-found", stale | {"reason": "她自己说的"}, status=409)

    page = send(bo, f"{case}/violence-found", reason="她自己说丈夫动手")
    assert "Safety plan" in page.words and "为孩子上学争吵" in page.words
    kept = one(engine, c.Case)
    assert kept.klass == "P3" and one(engine, m.AffairsDetail).kind == "MF04"
    assert {row.klass for row in rows_of(engine, m.FamilyMatter)} == {"P3"}
    assert {(tag.code, tag.klass, tag.case_id) for tag in rows_of(engine, c.TargetTag)} == {
        ("MF02", "P2", None),
        ("MF04", "P3", kept.id),
    }
    assert [t.user_id for t in rows_of(engine, c.Task, c.Task.kind == "reassess")] == [engine.cast.users["bo"]]
    bo.get(f"{case}/family", status=404)
    for url in ("", "/matter", "/violence", "/history", "/print"):
        ben.get(case + url, status=404)
        ann.get(case + url)
    story = ben.get(f"/clients/{person}").words + ben.get("/affairs/cases").words + ben.get("/").words
    assert kept.case_no not in story and "orange" not in story.lower()
    assert "violence" in ann.get(f"{case}/history").words.lower()


def test_what_stands_in_the_way(web: Any, person: Any, case: str) -> None:
    bo = web("bo")
    quarrel_pages = ("family", "violence-found")
    for page in quarrel_pages:
        bo.get(f"{case}/{page}", status=404)
    for name in ("ben", "eve", "far", "chen", "tao"):
        for page in ("", "/matter"):
            web(name).get(case + page, status=404)
        for page in ("/violence", "/safety-plan", "/paths/new", "/police-report", "/safe-contact"):
            web(name).get(case + page, status=403 if name in ("chen", "tao") else 404)
    for name in ("cora", "dee", "sam"):
        web(name).get(f"{case}/matter", status=403)
