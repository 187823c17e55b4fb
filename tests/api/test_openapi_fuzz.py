"""The API fuzzed from its own description: whatever is sent, the answer is one that the description promises.

Bodies are drawn from the description, half of them as a body that would do with one or two members drawn; ids are real rows of
every place; callers are of every role. Seeded: a run is the same as the last one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
from schemathesis.specs.openapi.checks import (
    AcceptedNegativeData,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
)

from caseapp.access.roles import ROLES
from caseapp.blueprints.http.guard import access_of
from caseapp.core.hygiene import clean_text
from tests import bodies, laid
from tests.cast import PEOPLE
from tests.content import Copy, changed, digests
from tests.page import Browser

NAMES = ("bo", "ann", "ben", "chen", "tao", "cora", "pia", "dee", "sam")
ENDS_THE_CALLER = "api_tokens.end"  # a test of its own below
CHECKS = [not_a_server_error, content_type_conformance, response_headers_conformance, response_schema_conformance]
PERSONAL = {"name", "other_names", "number", "phone", "address", "signer_name", "q", "username", "password"}
QUIET = {"deadline": None, "database": None, "phases": [Phase.generate], "suppress_health_check": list(HealthCheck)}


class Fuzz:
    """The description, the rows and the callers of one engine."""

    def __init__(self, engine: Any) -> None:
        self.engine, self.rows = engine, laid.lay(engine)
        self.tokens = {name: Browser(engine, name).token for name in NAMES}
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", engine.app)
        self.schema.config.generation.update(modes=list(GenerationMode), deterministic=True)
        self.schema.config.generation.with_security_parameters = False
        self.copy = Copy(engine) if engine.name == "sqlite" else None
        self.first = self.before = digests(engine)
        self.chained = False
        self.faults: list[str] = []
        self.calls: Counter[str] = Counter()

    def operations(self) -> Iterator[tuple[str, Any]]:
        """Endpoint and operation of every call, but for the one that ends its caller."""
        for found in self.schema.get_all_operations():
            operation = found.ok()
            endpoint = operation.definition.raw["operationId"]
            if endpoint != ENDS_THE_CALLER:
                yield endpoint, operation

    def callers(self, endpoint: str) -> list[str]:
        """Who may call it, each three times as often as the others."""
        with self.engine.app.app_context():
            access = access_of(endpoint)
        wanted = set(access.permissions) if access else set()
        able = [name for name in NAMES if not wanted or wanted & ROLES[PEOPLE[name][0]].permissions]
        return [*NAMES, *able * 6]

    def call(self, case: Case, endpoint: str, name: str, checks: list[Any]) -> Any:
        """Sends a call, judges the answer, and puts the database back when something was written."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}", "Accept-Encoding": "identity"}
        response = case.call(headers=headers)
        self.calls[f"{response.status_code // 100}xx"] += 1
        where = f"{case.method} {endpoint} by {name}: {response.status_code}"
        try:
            case.validate_response(response, checks=[*CHECKS, *checks], headers=headers)
        except FailureGroup as group:
            self.faults += [f"{where}: {each} {case.body!r}"[:900] for each in group.exceptions if not cleaned_away(each, case)]
        if str(response.status_code) not in case.operation.definition.raw["responses"]:
            self.faults.append(f"{where} is not in the description")
        if response.status_code >= 400:
            self.faults += [f"{where}: {fault}" for fault in self._refused(case, response)]
        elif case.method != "GET":
            self.wrote()
        return response

    def wrote(self) -> None:
        """Back to the rows as they were laid; in a chain, and where that is dear, on from here."""
        if self.copy is None or self.chained:
            self.before = digests(self.engine)
        else:
            self.restore()

    def restore(self) -> None:
        """The rows as they were laid."""
        if self.copy is not None:
            self.copy.restore()
            self.before = self.first
            self.before.stand_again()

    def _refused(self, case: Case, response: Any) -> Iterator[str]:
        said = list(words(response.json()))
        for value in personal(case.body):
            if any(value in sentence for sentence in said):
                yield f"says what was sent: {value!r}"
        if case.method != "GET":
            tables = changed(self.engine, self.before)
            if tables:
                yield f"left something in {tables}"
                self.wrote()

    def address(self, case: Case, endpoint: str, place: str) -> None:
        """Real ids for the arguments of the address."""
        for name in re.findall(r"{(\w+)}", case.operation.path):
            value = self.rows[place].value(endpoint, name) if name.endswith("_id") else laid.WORDS[name]
            case.path_parameters[name] = str(value)


def cleaned_away(failure: Exception, case: Case) -> bool:
    """Text is judged as hygiene leaves it: what is too long only with what was taken out is not."""
    return isinstance(failure, AcceptedNegativeData) and any(clean_text(text) != text for text in texts(case.body))


def texts(body: Any) -> Iterator[str]:
    """Every text of a body."""
    if isinstance(body, dict | list):
        for value in body.values() if isinstance(body, dict) else body:
            yield from texts(value)
    elif isinstance(body, str):
        yield body


def words(problem: dict[str, Any]) -> Iterator[str]:
    """The sentences of a problem, wherever they stand."""
    yield from texts({name: value for name, value in problem.items() if name in ("title", "detail", "fields")})


@cache
def our_words() -> str:
    """All our sentences in both languages: what was drawn and stands in one of them anyway (as "role") tells nothing."""
    folder = Path(__file__).resolve().parents[2] / "translations"
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.po")))


def personal(body: Any, name: str = "") -> Iterator[str]:
    """Values of members that hold names, numbers, phones and addresses."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield from personal(value, key)
    elif isinstance(body, list):
        for value in body:
            yield from personal(value, name)
    elif isinstance(body, str) and name in PERSONAL and len(body) > 3 and body not in our_words():
        yield body


def mixed(case: Case, endpoint: str, row: Any, draw: Callable[[Any], Any]) -> None:
    """A body that would do, with up to two members as they were drawn."""
    if not isinstance(case.body, dict):
        return
    drawn = sorted(case.body)
    chosen = draw(st.sets(st.sampled_from(drawn), max_size=2)) if drawn else set()
    case.body = bodies.good(endpoint, row) | {name: case.body[name] for name in sorted(chosen)}


def allowed(fuzz: Fuzz, endpoint: str, operation: Any, count: int) -> None:
    """What the description allows; half of the bodies ones that would do, with members changed."""
    draws = st.tuples(st.sampled_from(fuzz.callers(endpoint)), st.sampled_from(["Riverside", "Riverside", *laid.PLACES]))

    @settings(max_examples=count, derandomize=True, **QUIET)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), who=draws, data=st.data())
    def call(case: Case, who: Any, data: Any) -> None:
        name, place = who
        if data.draw(st.integers(0, 9)):
            fuzz.address(case, endpoint, place)
        if data.draw(st.booleans()):
            mixed(case, endpoint, fuzz.rows[place], data.draw)
        fuzz.call(case, endpoint, name, [])

    call()


def forbidden(fuzz: Fuzz, endpoint: str, operation: Any, count: int) -> None:
    """What the description forbids must be refused."""

    @settings(max_examples=count, derandomize=True, **QUIET)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), name=st.sampled_from(fuzz.callers(endpoint)))
    def call(case: Case, name: str) -> None:
        fuzz.call(case, endpoint, name, [negative_data_rejection])

    call()


def can_be_wrong(parameter: Any) -> bool:
    """Whether there is a value that the description forbids: any word will do in an address that says no more than "a text"."""
    said = parameter.definition.get("schema", {})
    return (
        parameter.definition["in"] != "path" or said.get("type") != "string" or bool(said.keys() & {"format", "pattern", "enum"})
    )


def run(fuzz: Fuzz, each: int) -> None:
    """Every call: twice as often what is allowed as what is forbidden."""
    for endpoint, operation in fuzz.operations():
        allowed(fuzz, endpoint, operation, each * 2)
        if operation.body or any(can_be_wrong(each) for each in operation.iter_parameters()):
            forbidden(fuzz, endpoint, operation, each)


def lives(fuzz: Fuzz, count: int, steps: int) -> None:
    """Chains along the links of the description: what one call made, the next reads, changes and ends."""
    fuzz.chained = True
    fuzz.schema.config.generation.update(modes=[GenerationMode.POSITIVE])

    class Life(fuzz.schema.as_state_machine()):  # type: ignore[misc]  # made from the description
        def setup(self) -> None:
            self.turn = 0

        def teardown(self) -> None:
            fuzz.restore()

        def step(self, input: StepInput) -> StepOutput:
            case, self.turn = input.case, self.turn + 1
            endpoint = case.operation.definition.raw["operationId"]
            if isinstance(case.body, dict):
                drawn = sorted(case.body)[: 1 if self.turn % 3 == 0 else 0]  # every third call with a member as it was drawn
                case.body = bodies.good(endpoint, fuzz.rows["Riverside"]) | {name: case.body[name] for name in drawn}
                if input.is_applied and "If-Match" in case.headers:
                    case.body.pop("version", None)
            if not input.is_applied:
                fuzz.address(case, endpoint, "Riverside")
            able = fuzz.callers(endpoint)[len(NAMES) :]
            return StepOutput(fuzz.call(case, endpoint, able[self.turn % len(able)], []), case)

    Life.run(settings=settings(max_examples=count, stateful_step_count=steps, derandomize=True, **QUIET))


def test_every_answer_is_one_the_description_promises(sqlite: Any) -> None:
    fuzz = Fuzz(sqlite)
    run(fuzz, each=3)
    print(f"fuzz on {sqlite.name}: {fuzz.calls.total()} calls, {dict(fuzz.calls)}")
    assert fuzz.faults == [], "\n".join(fuzz.faults)
    assert fuzz.calls.total() > 1000
    assert fuzz.calls["2xx"] > 60, "most calls never got past the door"


def test_what_was_made_is_read_changed_and_ended(sqlite: Any) -> None:
    fuzz = Fuzz(sqlite)
    lives(fuzz, count=12, steps=12)
    print(f"lives on {sqlite.name}: {fuzz.calls.total()} calls, {dict(fuzz.calls)}")
    assert fuzz.faults == [], "\n".join(fuzz.faults)
    assert fuzz.calls["2xx"] > 40


def test_the_same_on_postgresql(postgres_engine: Any) -> None:
    postgres_engine.fresh()
    fuzz = Fuzz(postgres_engine)
    run(fuzz, each=1)
    print(f"fuzz on {postgres_engine.name}: {fuzz.calls.total()} calls, {dict(fuzz.calls)}")
    assert fuzz.faults == [], "\n".join(fuzz.faults)


@pytest.mark.parametrize("name", ["bo", "cora"])
def test_a_token_ends_itself(sqlite: Any, name: str) -> None:
    """What is left out above: the call that ends the caller's token, as described."""
    fuzz = Fuzz(sqlite)
    fuzz.copy = None  # it stays ended
    operation = next(found.ok() for found in fuzz.schema.get_all_operations() if found.ok().path.endswith("/tokens/current"))
    assert [fuzz.call(operation.Case(), ENDS_THE_CALLER, name, []).status_code for _turn in range(2)] == [204, 401]
    assert fuzz.faults == []
