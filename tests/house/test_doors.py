"""Lock 1 and 2 together: every route × every role × own, another station's and another county's rows; never a 5xx."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.roles import ROLES
from caseapp.access.system import system_session
from caseapp.blueprints.http.guard import access_of
from tests import rows
from tests.answers import best
from tests.cast import PEOPLE
from tests.page import Browser

ONE_PER_ROLE = {role: name for name, (role, _places) in reversed(PEOPLE.items()) if role}
PUBLIC = {  # the list of doors that stand open; a new one is a decision
    "account.code",
    "account.healthz",
    "account.language",
    "account.login",
    "account.readyz",
    "account.save_draft",  # answers a stranger 401 in JSON, so that a page can say its session ended
    "api_docs.docs",
    "api_docs.document",
    "api_tokens.new",
    "static",
}


def lay(engine: Any) -> dict[str, dict[str, UUID]]:
    """Ids by argument name, for a person of Riverside, of Hillside and of Faraway."""
    found: dict[str, dict[str, UUID]] = {}
    with engine.app.app_context(), system_session("test rows", write=True) as session:
        for station, worker in (("Riverside", "bo"), ("Hillside", "eve"), ("Faraway", "far")):
            user = engine.cast.users[worker]
            person = rows.client(session, engine.cast, station, f"person of {station}", worker_id=user)
            case = rows.case(session, person, user)
            visit = rows.visit(session, person, user, date(2026, 9, 1))
            result = rows.assessment(session, case, "gds15", best("gds15", y2=1))
            found[station] = {
                "client_id": person.id,
                "case_id": case.id,
                "visit_id": visit.id,
                "assessment_id": result.id,
                "task_id": rows.task(session, case, "suicide_screening", user, assessment_id=result.id).id,
                "file_id": person.id,
            }
    return found


@pytest.fixture
def ids(sqlite: Any) -> dict[str, dict[str, UUID]]:
    """The rows on SQLite."""
    return lay(sqlite)


def routes(app: Any) -> Iterator[tuple[Any, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, str(rule))):
        if rule.endpoint == "static":
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method


def _body_first(rule: Any, status: int) -> bool:
    """The API judges the body before it looks for the row: the same answer whether the row is mine, a stranger's or nobody's."""
    return rule.endpoint.startswith("api_") and status in (422, 428)


def address(app: Any, rule: Any, known: dict[str, UUID]) -> str:
    """The rule with ids of ours where we have some, else with an id that is nobody's."""
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        if type(converter).__name__ == "UUIDConverter":
            values[name] = known.get(name) or uuid7()
        elif type(converter).__name__ == "IntegerConverter":
            values[name] = 1
        else:
            values[name] = "zh" if name == "tag" else "x"
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values, method=None))


def test_every_endpoint_says_who_may_enter(sqlite: Any) -> None:
    with sqlite.app.app_context():
        stamps = {endpoint: access_of(endpoint) for endpoint in sqlite.app.view_functions}
    assert [endpoint for endpoint, access in stamps.items() if access is None] == []
    assert {endpoint for endpoint, access in stamps.items() if access and access.public} <= PUBLIC


@pytest.mark.parametrize("name", sorted(ONE_PER_ROLE.values()))
def test_doors_answer_every_role_properly(sqlite: Any, ids: Any, name: str) -> None:
    """Without the permission 403; with it never a 5xx, and a stranger's row is 404 whatever the verb."""
    _walk(sqlite, ids, Browser(sqlite, name), name, list(routes(sqlite.app)))


@pytest.mark.parametrize("name", ["bo", "cora", "tao", "dee"])
def test_doors_answer_the_same_on_postgresql(postgres_engine: Any, name: str) -> None:
    """A sample of routes, spread over the list, on the other engine."""
    postgres_engine.fresh()
    _walk(postgres_engine, lay(postgres_engine), Browser(postgres_engine, name), name, list(routes(postgres_engine.app))[::4])


def _walk(engine: Any, laid: dict[str, dict[str, UUID]], browser: Any, name: str, todo: list[Any]) -> None:
    role = ROLES[PEOPLE[name][0]]
    mine = {"eve": "Hillside", "hal": "Hillside", "far": "Faraway", "fay": "Faraway"}.get(name, "Riverside")
    faults = []
    for rule, method in todo:
        if rule.endpoint in ("account.logout", "account.sign_out_everywhere", "api_tokens.end"):
            continue  # ends the session we walk with
        with engine.app.app_context():
            access = access_of(rule.endpoint)
        assert access is not None
        may = access.public or not access.permissions or bool(set(access.permissions) & role.permissions)
        for place, known in laid.items():
            named = set(rule._converters) & set(known)
            if place != mine and not named:
                continue
            url = address(engine.app, rule, known)
            status = _call(browser, method, url)
            foreign = bool(named) and place != mine and name not in ("chen",)
            if status >= 500:
                faults.append(f"{name} {method} {rule.endpoint} {place}: {status}")
            elif not may and status not in (403, 404):
                faults.append(f"{name} {method} {rule.endpoint}: {status}, not 403")
            elif may and foreign and role.group == "files" and status not in (404, 405) and not _body_first(rule, status):
                faults.append(f"{name} {method} {rule.endpoint} of {place}: {status}, not 404")
    assert faults == [], "\n".join(faults)


def _call(browser: Any, method: str, url: str) -> int:
    if url.startswith("/api/"):
        return int(browser.api(method, url, {} if method in ("POST", "PATCH", "PUT") else None).status_code)
    data = {"csrf_token": browser.csrf()} if method != "GET" else None
    return int(browser.client.open(url, method=method, data=data, headers=browser.headers).status_code)


def test_strangers_meet_the_door(sqlite: Any, ids: Any) -> None:
    stranger = Browser(sqlite, None)
    faults = []
    for rule, method in routes(sqlite.app):
        with sqlite.app.app_context():
            access = access_of(rule.endpoint)
        if access is None or access.public:
            continue
        url = address(sqlite.app, rule, ids["Riverside"])
        status = _call(stranger, method, url)
        if status not in ((401,) if url.startswith("/api/") else (302, 401)):
            faults.append(f"{method} {rule.endpoint}: {status}")
    assert faults == [], "\n".join(faults)
