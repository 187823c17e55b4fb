"""Lock 1 and 2 together: every route × every role × own, another station's, another county's, restricted and minor rows.

Each id argument gets the id of a real row (`tests/laid`), each call of the API a body that would do (`tests/bodies.py`), so
that an answer says something about the row and not about what was sent.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.roles import ROLES
from caseapp.blueprints.http.guard import access_of
from tests import bodies, laid
from tests.cast import PEOPLE
from tests.laid import Laid
from tests.page import Browser
from tests.routes import address, arguments, named, once_each, routes

ONE_PER_ROLE = {role: name for name, (role, _places) in reversed(PEOPLE.items()) if role}
PUBLIC = {  # the list of doors that stand open; a new one is a decision
    "account.code",
    "account.healthz",
    "account.language",
    "account.login",
    "account.numbers",  # asks for a token of its own, 404 without
    "account.readyz",
    "account.second_step",  # opens for the token of a first step, else leads back to it
    "account.save_draft",  # answers a stranger 401 in JSON, so that a page can say its session ended
    "api_docs.docs",
    "api_docs.document",
    "api_tokens.new",
    "static",
}
# which grant stands in the form, an empty one is none of mine; numbers are for who shows a token that no role has
BY_OTHER_MEANS = ("account.switch", "account.numbers")
# what an id stands for decides who is outside
OF_A_FILE = {
    "advice_id",
    "answer_id",
    "assessment_id",
    "benefit_id",
    "case_id",
    "client_id",
    "comment_id",
    "consent_id",
    "enrolment_id",
    "file_id",
    "goal_id",
    "handover_id",
    "match_id",
    "member_id",
    "merge_id",
    "part_id",
    "plan_id",
    "record_id",
    "report_id",
    "request_id",
    "review_id",
    "round_id",
    "row_id",
    "sheet_id",
    "tag_id",
    "task_id",
    "told_id",
    "visit_id",
}
OF_A_PLACE = {
    "asked_id",
    "body_id",
    "change_id",
    "code_id",
    "contact_id",
    "cover_id",
    "entry_id",
    "grant_id",
    "household_id",
    "meeting_id",
    "organisation_id",
    "partner_id",
    "station_id",
    "survey_id",
    "user_id",
}
OF_TWO = {"referral_id"}  # one of whose two stations is the place
OF_SOMEBODY = {"draft_id", "export_id", "filter_id", "question_id", "session_id"}
OF_ALL = {"release_id", "preparation_id", "extract_id"}


@pytest.fixture
def rows(sqlite: Any) -> dict[str, Laid]:
    """The rows on SQLite."""
    return laid.lay(sqlite)


class Walker:
    """Somebody of the cast who knocks at every door."""

    def __init__(self, engine: Any, name: str | None) -> None:
        self.engine, self.name = engine, name
        self.browser = Browser(engine, name)
        self.csrf = self.browser.csrf()
        self.role = ROLES[PEOPLE[name][0]] if name else None
        if name:
            with engine.app.app_context():
                self.actor = engine.cast.actor(name)

    def may(self, endpoint: str) -> bool:
        """Whether the door lets this role in."""
        with self.engine.app.app_context():
            access = access_of(endpoint)
        assert access is not None
        return access.public or not access.permissions or bool(set(access.permissions) & self.role.permissions)

    def knock(self, method: str, url: str, rule: Any, place: Laid) -> Any:
        """The answer to a call with a body that would do, or to an empty form."""
        if url.startswith("/api/"):
            return self.browser.api(method, url, bodies.good(rule.endpoint, place) if method in ("POST", "PATCH") else None)
        data = {"csrf_token": self.csrf} if method != "GET" else None
        return self.browser.client.open(url, method=method, data=data, headers=self.browser.headers)

    def outside(self, rule: Any, place: Laid) -> bool:
        """Whether one of a route's ids is none of this actor's business."""
        names = named(rule)
        if names & OF_SOMEBODY:
            return any(place.owners[name] != self.actor.user_id for name in names & OF_SOMEBODY)
        if names & (OF_A_FILE | OF_A_PLACE | OF_TWO) and not self.actor.covers(place.path):
            return True
        return bool(names & (OF_A_FILE | OF_TWO)) and place.klass_at(rule.endpoint) == "P3" and self.shut(place)

    def shut(self, place: Laid) -> bool:
        """Whether the file of a place is closed to this actor: neither head nor assigned."""
        return self.role.rows not in ("head", "auditor") and place.worker != self.actor.user_id


def test_every_id_argument_has_a_row_and_a_meaning(sqlite: Any, rows: Any) -> None:
    """A new route with a new kind of id does not pass before a row is laid for it, and before it is said whose business it is."""
    faults, meant = [], OF_A_FILE | OF_A_PLACE | OF_TWO | OF_SOMEBODY | OF_ALL
    for rule, method in routes(sqlite.app):
        for name in rule._converters:
            try:
                assert name in arguments(rule) or laid.word(rule.endpoint, name, set(rule._converters))
                if name in arguments(rule):
                    assert name in meant
                    assert all(isinstance(place.value(rule.endpoint, name), UUID) for place in rows.values())
            except (AssertionError, KeyError):
                faults.append(f"{method} {rule}: tests/laid has no row for {name}, or the sets above do not name it")
    assert faults == [], "\n".join(faults)


def test_every_endpoint_says_who_may_enter(sqlite: Any) -> None:
    with sqlite.app.app_context():
        stamps = {endpoint: access_of(endpoint) for endpoint in sqlite.app.view_functions}
    assert [endpoint for endpoint, access in stamps.items() if access is None] == []
    assert {endpoint for endpoint, access in stamps.items() if access and access.public} <= PUBLIC


@pytest.mark.parametrize("name", [*sorted(ONE_PER_ROLE.values()), "ben", "sid"])
def test_doors_answer_every_role_properly(sqlite: Any, rows: Any, name: str) -> None:
    """Without the permission 403; with it never a 5xx; a stranger's row and a restricted one are 404, whatever the verb.

    The pages of a case that all domains share are tried in one of them; one role tries the others too, at home and next door."""
    own = {place: rows[place] for place in ("Riverside", "minor", "restricted")} if name == "ben" else rows  # a colleague's files
    assert walk(sqlite, own, name, once_each(sqlite.app)) == []
    if name == "bo":
        others = [each for each in routes(sqlite.app) if each not in once_each(sqlite.app)]
        assert walk(sqlite, {place: rows[place] for place in ("Riverside", "Hillside")}, name, others) == []


@pytest.mark.parametrize("name", ["bo", "tao"])
def test_doors_answer_the_same_on_postgresql(postgres_engine: Any, name: str) -> None:
    """A sample of routes, spread over the list, on the other engine."""
    postgres_engine.fresh()
    assert walk(postgres_engine, laid.lay(postgres_engine), name, routes(postgres_engine.app)[::4]) == []


def walk(engine: Any, rows: dict[str, Laid], name: str, todo: list[Any]) -> list[str]:
    """What was answered wrongly."""
    walker, faults = Walker(engine, name), []
    home = next((place for place, row in rows.items() if walker.actor.covers(row.path)), "Riverside")
    for rule, method in todo:
        names = named(rule)
        may = walker.may(rule.endpoint)
        for place, row in rows.items():
            if place != home and (place == "twin" or not (names and may)):
                continue  # nothing of the place in the address, or refused at the door whatever it says
            answer = walker.knock(method, address(engine.app, rule, row), rule, row)
            wrong = judged(walker, rule, method, row, may, answer)
            if wrong:
                faults.append(f"{name} {method} {rule.endpoint} of {place}: {answer.status_code}, {wrong}")
    return faults


def judged(walker: Walker, rule: Any, method: str, row: Laid, may: bool, answer: Any) -> str | None:
    """What is wrong with an answer."""
    status, names = answer.status_code, named(rule)
    if status >= 500:
        return "no fault of ours"
    if not may:
        return None if status in (403, 404) else "not 403"
    if status == 422 and rule.endpoint in bodies.ABOUT:
        return None  # refused at its place in the body
    if walker.outside(rule, row):
        return None if status == 404 else "not 404"
    files = walker.role.group == "files" and names & OF_A_FILE
    if files and row.klass_at(rule.endpoint) == "minor" and walker.shut(row) and not rule.endpoint.endswith(".purpose"):
        return None if asks_purpose(answer) or status == 404 else "neither closed nor asked why"
    return None


def asks_purpose(answer: Any) -> bool:
    """Whether a page leads to the question, or the API names it."""
    if answer.status_code == 403:
        return "purpose_required" in answer.text
    return answer.status_code == 302 and answer.headers["Location"].partition("?")[0].endswith("/purpose")


def test_a_minors_file_asks_and_then_opens(sqlite: Any, rows: Any) -> None:
    """Ben sees the child's line, is asked on every page of the file, and after an answer reads it."""
    ben, child = Walker(sqlite, "ben"), rows["minor"]
    page = f"/clients/{child.ids['client_id']}"
    assert asks_purpose(ben.browser.client.get(page))
    assert ben.browser.api("GET", "/api/v1" + page).json["code"] == "purpose_required"
    assert "minor person" in ben.browser.get("/clients").words
    assert "restricted person" not in ben.browser.get("/clients").words
    assert ben.browser.client.get(f"/elderly/cases/{child.domains['elderly'].cases['serving']}").status_code == 404
    ben.browser.post(f"/clients/files/{child.ids['file_id']}/purpose", {"purpose": "emergency"})
    assert "minor person" in ben.browser.get(page).words
    ben.browser.get(f"/elderly/cases/{child.domains['elderly'].cases['serving']}")


def test_every_route_answers_somebody(sqlite: Any, rows: Any) -> None:
    """Each row that was laid is really the one its route looks for: somebody of the cast is neither refused nor lost."""
    walkers = [Walker(sqlite, name) for name in ("bo", "ann", "chen", "tao", "cora", "pia", "sam", "sec", "dee")]
    faults = []
    for rule, method in routes(sqlite.app):
        # another row where an earlier route has used the first one up, or where only restricted files have such a page
        places = ("Riverside", "twin", "restricted")
        tries = [(walker, rows[place]) for place in places for walker in walkers if walker.may(rule.endpoint)]
        answers = (walker.knock(method, address(sqlite.app, rule, row), rule, row).status_code for walker, row in tries)
        if rule.endpoint not in BY_OTHER_MEANS and all(status in (403, 404) for status in answers):
            faults.append(f"{method} {rule}")
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("other", ["twin", "Hillside"])
def test_a_child_is_not_found_under_another_parent(sqlite: Any, rows: Any, other: str) -> None:
    """A plan of one case under the address of another: 404, also where both are mine."""
    walkers = [Walker(sqlite, name) for name in ("bo", "ann", "chen", "cora")]
    faults, count = [], 0
    for rule, method in routes(sqlite.app):
        names = [name for name in rule._converters if name in arguments(rule)]
        if len(names) < 2 or names[-1] in OF_SOMEBODY:
            continue
        for walker in walkers:
            if walker.may(rule.endpoint):
                url = address(sqlite.app, rule, rows["Riverside"], rows[other])
                answer = walker.knock(method, url, rule, rows["Riverside"])
                count += 1
                if answer.status_code != 404:
                    faults.append(f"{walker.name} {method} {rule}: {answer.status_code}")
    assert count > 20
    assert faults == [], "\n".join(faults)


def test_strangers_meet_the_door(sqlite: Any, rows: Any) -> None:
    stranger = Walker(sqlite, None)
    faults = []
    for rule, method in routes(sqlite.app):
        with sqlite.app.app_context():
            access = access_of(rule.endpoint)
        if access is None or access.public:
            continue
        url = address(sqlite.app, rule, rows["Riverside"])
        status = stranger.knock(method, url, rule, rows["Riverside"]).status_code
        if status not in ((401,) if url.startswith("/api/") else (302, 401)):
            faults.append(f"{method} {rule.endpoint}: {status}")
    assert faults == [], "\n".join(faults)


def test_an_id_that_is_nobodys_looks_like_a_strangers(sqlite: Any, rows: Any) -> None:
    """The answer does not tell whether the row is there: the same page but for the reference number."""
    bo = Browser(sqlite, "bo")

    def told(url: str) -> str:
        answer = bo.client.get(url, headers=bo.headers)
        assert answer.status_code == 404
        lines = " ".join(line for line in answer.text.splitlines() if "mono" not in line)
        return re.sub(r'name="csrf.token" (content|value)="[^"]*"', "", lines)  # of its own second

    def said(endpoint: str, path: str, place: Laid) -> Any:
        answer = bo.api("POST", path, bodies.good(endpoint, place))
        assert answer.status_code in (404, 422)
        return {name: value for name, value in answer.json.items() if name != "ref"}

    nobody = replace(rows["Hillside"], ids={"client_id": uuid7()})
    for endpoint, path in (("api_cases.new", "/cases"), ("api_visits.new_round", "/visits/round")):
        assert said(endpoint, path, rows["Hillside"]) == said(endpoint, path, rows["Faraway"]) == said(endpoint, path, nobody)
    for path, name in (("/clients/{}", "client_id"), ("/visits/{}", "visit_id"), ("/households/{}", "household_id")):
        nobodys = told(path.format(uuid7()))
        assert told(path.format(rows["Hillside"].ids[name])) == nobodys
        assert told(path.format(rows["Faraway"].ids[name])) == nobodys


def every_call(app: Any) -> Iterator[str]:
    """The endpoints of the API that take a body."""
    for rule, method in routes(app):
        if str(rule).startswith("/api/") and method in ("POST", "PATCH"):
            yield rule.endpoint


def test_every_call_has_a_body_that_would_do(sqlite: Any, rows: Any) -> None:
    for endpoint in every_call(sqlite.app):
        assert isinstance(bodies.good(endpoint, rows["Riverside"]), dict), endpoint
