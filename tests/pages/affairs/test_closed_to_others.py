"""Attacks on restricted files of social affairs: whoever is not on the file cannot tell that there is one."""

from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from tests import rows
from tests.pages.affairs.story import entry, one, opened, rows_of, send


@pytest.fixture
def person(engine: Any, web: Any) -> Any:
    """Wang, Bo's, seen by Ben today, so that lists of visits show her."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        key = rows.client(session, engine.cast, "Riverside", "王淑华", worker_id=engine.cast.users["bo"]).id
    send(web("ben"), f"/visits/new?client={key}", outcome="done")
    return key


def told(browser: Any, person: Any) -> dict[str, Any]:
    """Everything that pages and calls say to this reader about the person and the station's work."""
    pages = (
        "/", "/more", "/clients", "/cases", "/cases?status=serving", "/affairs", "/affairs/cases", "/affairs/cases?live=0", "/affairs/funerals",
        "/reviews", "/visits", "/visits/calendar", "/visits/services", "/visits/round?village=222403101201", "/households",
        f"/clients/{person}", f"/clients/{person}/history", f"/clients/{person}/visits", f"/clients/{person}/enrolments",
        f"/clients/{person}/consents", f"/visits/new?client={person}", f"/affairs/cases/new?client={person}",
    )  # fmt: skip
    calls = (
        "/cases", "/cases?live=false", "/cases?domain=affairs", "/clients", f"/clients/{person}", f"/clients/{person}/visits",
        f"/clients/{person}/enrolments", f"/clients/{person}/consents", "/visits", "/households",
    )  # fmt: skip
    found: dict[str, Any] = {}
    for url in pages:
        answer = browser.client.get(url, headers=browser.headers)
        assert answer.status_code < 500, url
        found[url] = (answer.status_code, browser.get(url).words if answer.status_code == 200 else "")
    for url in calls:
        answer = browser.api("GET", url)
        found["api " + url] = (answer.status_code, answer.json)
    return found


def violent(bo: Any, person: Any) -> str:
    """A case of violence with everything that leaves traces."""
    case = opened(bo, person, "family", "MF04", urgency="crisis", request="丈夫动手")
    send(bo, f"{case}/violence", capacity="limited", what_happened="手臂有淤青")
    send(bo, f"{case}/safety-plan", safe_place="后院门没锁")
    send(bo, f"{case}/paths/new", path="shelter", answer="refused")
    send(bo, f"{case}/risk", risk="red", risk_reason="他又来过")
    send(bo, f"/visits/new?client={person}&case={case.rsplit('/', 1)[1]}", outcome="done", note="单独谈了")
    return case


def ill(bo: Any, person: Any) -> str:
    """A case of rehabilitation whose clock runs."""
    case = opened(bo, person, "psychiatric", risk="orange", risk_reason="停药")
    send(bo, f"{case}/rehab-steps/new", step="applied", happened_on=clock.today().isoformat())
    send(bo, f"{case}/findings/danger/new", value="3", told_by="镇卫生院")
    send(bo, f"{case}/psychiatric", way_in="self", guardian="王建国", guardian_phone="13900001111")
    return case


def uncovered(bo: Any, person: Any) -> str:
    """A case of a quarrel in which violence came to light at once."""
    case = opened(bo, person, "family", "MF02", restricted="y")
    send(bo, f"{case}/violence-found", reason="她自己说的")
    return case


@pytest.mark.parametrize(("story", "others"), [(violent, ("ben", "chen")), (ill, ("ben", "tao")), (uncovered, ("ben",))])
def test_nothing_that_others_are_told_changes(web: Any, person: Any, story: Any, others: tuple[str, ...]) -> None:
    """A colleague of the station, its supervisor, its township."""
    before = {name: told(web(name), person) for name in others}
    assert any("王淑华" in str(words) for words in before["ben"].values())
    case = story(web("bo"), person)
    for name in others:
        after = told(web(name), person)
        changed = {url: (before[name][url], after[url]) for url in after if after[url] != before[name][url]}
        assert changed == {}, f"{name} can tell: {list(changed)}"
    assert "王淑华" in web("ann").get(case).words, "the head sees it"


def test_no_door_of_the_file_opens(engine: Any, web: Any, person: Any) -> None:
    """Every address with a case in it answers a colleague, a reviewer and a stranger as if the case were nobody's."""
    case = violent(web("bo"), person)
    key = case.rsplit("/", 1)[1]
    entries = {"path": one(engine, m.ViolencePath).id}
    faults = []
    for name, methods in (("ben", {"GET", "POST", "PATCH"}), ("chen", {"GET"}), ("hal", {"GET"})):
        browser = web(name)
        for rule in engine.app.url_map.iter_rules():
            if "case_id" not in rule.arguments or not rule.endpoint.startswith(("affairs.", "api_")):
                continue
            for method in sorted(rule.methods & methods):
                mine, nobodys = (answer(engine, browser, rule, method, it, entries) for it in (key, str(uuid7())))
                if mine != nobodys or mine == 200:
                    faults.append(f"{name} {method} {rule}: {mine}, of nobody's {nobodys}")
    assert faults == []


def answer(engine: Any, browser: Any, rule: Any, method: str, key: str, entries: dict[str, UUID]) -> int:
    kind = next(iter(entries))
    values = {"case_id": key, "entry_id": entries[kind], "kind": kind, "name": "accept", "instrument": "domestic_violence"}
    known = {arg: values.get(arg) or uuid7() for arg in rule.arguments}
    with engine.app.test_request_context():
        url = engine.app.url_map.bind("localhost").build(rule.endpoint, known)
    if url.startswith("/api/"):
        return int(browser.api(method, url, {} if method != "GET" else None).status_code)
    data = {"csrf_token": browser.csrf()} if method == "POST" else None
    return int(browser.client.open(url, method=method, data=data, headers=browser.headers).status_code)


def test_tasks_of_the_file_are_its_workers_and_the_heads(engine: Any, web: Any, person: Any) -> None:
    violent(web("bo"), person)
    tasks = rows_of(engine, c.Task)
    assert {task.klass for task in tasks} == {"P3"} and len(tasks) >= 3
    for task in tasks:
        for name in ("ben", "eve"):
            web(name).get(f"/tasks/{task.id}", status=404)


def test_somebody_named_on_the_file_sees_it_and_it_ends_with_the_day(engine: Any, web: Any, person: Any) -> None:
    bo, ann, chen = web("bo"), web("ann"), web("chen")
    case = violent(bo, person)
    page = ann.get(f"{case}/named")
    ann.post(f"{case}/named", page.form() | {"user_id": str(engine.cast.users["chen"])})
    assert "后院门没锁" in chen.get(f"{case}/matter").words
    chen.get(f"{case}/safety-plan", status=403)
    web("ben").get(case, status=404)


def test_an_entry_of_one_file_is_not_opened_through_another(engine: Any, web: Any, person: Any) -> None:
    """Ben has a restricted file of his own; through its address he reaches nothing of Bo's."""
    case = violent(web("bo"), person)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        other = rows.client(session, engine.cast, "Riverside", "李敏", worker_id=engine.cast.users["ben"]).id
    ben = web("ben")
    own = opened(ben, other, "family", "MF04")
    taken = entry(web("bo").get(f"{case}/matter"), "path")
    ben.get(taken.replace(case, own), status=404)
    ben.post(taken.replace(case, own), {"reason": "不算"}, status=404)
    assert one(engine, m.ViolencePath).voided_at is None
