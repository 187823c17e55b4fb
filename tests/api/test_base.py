"""The floor of the API: stamps survive decorators, bodies are read strictly, problems are described."""

import json
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of
from caseapp.blueprints.api.base import strict_json
from caseapp.blueprints.http.guard import requires
from caseapp.core.paging import Page
from caseapp.schemas.base import CommandSchema, Line, WholeInt


class ThingOut(Schema):
    name = fields.String(required=True)
    version = fields.Integer()


class ThingIn(CommandSchema):
    name = Line(required=True, most=5)
    version = WholeInt(required=True)


@pytest.fixture
def things(engine: Any) -> Any:
    """An app of its own with one more noun."""
    from caseapp import create_app

    app: Flask = create_app(engine.app.config["SETTINGS"])
    bp = api_blueprint("things", __name__)

    @bp.get("/things")
    @bp.arguments(ListQuery, location="query")
    @bp.response(200, page_of(ThingOut))
    @requires(Permission.CLIENT_READ)
    def index(query: dict[str, Any]) -> Page[Any]:
        return Page([{"name": "a", "version": query["limit"]}], None)

    @bp.post("/things")
    @bp.arguments(ThingIn)
    @bp.response(201, ThingOut)
    @requires(Permission.CLIENT_WRITE)
    def new(thing: dict[str, Any]) -> Any:
        return created(thing, "api_things.index")

    from caseapp.extensions import csrf

    csrf.exempt(bp)
    app.extensions["caseapp-api"].register_blueprint(bp)
    engine.app, kept = app, engine.app
    yield engine
    engine.app = kept


def test_the_stamp_survives_the_decorators(things: Any) -> None:
    view = things.app.view_functions["api_things.new"]
    assert view.access.permissions == (Permission.CLIENT_WRITE,)


def test_a_view_without_a_stamp_is_refused_when_defined() -> None:
    bp = api_blueprint("bare", __name__)
    with pytest.raises(TypeError, match="who may enter"):

        @bp.get("/bare")
        @bp.response(200)
        def bare() -> None: ...


def test_lists_and_bodies(things: Any, web: Any) -> None:
    bo, tao = web("bo"), web("tao")
    answer = bo.api("GET", "/things?limit=7", status=200)
    assert answer.json == {"items": [{"name": "a", "version": 7}], "next": None}
    for query in ("limit=0", "limit=201", "limit=x", "page=2", "limit=7755275670157448577024", "cursor="):
        assert "fields" in bo.api("GET", f"/things?{query}", status=422).json
    bo.api("GET", "/things?limit=1&limit=2", status=400)
    made = bo.api("POST", "/things", {"name": "abc", "version": 2.0}, 201)
    assert made.headers["Location"] == "/api/v1/things"
    assert made.headers["ETag"] == '"2"'
    tao.api("POST", "/things", {"name": "abc", "version": 1}, 403)
    bo.api("POST", "/things", {"name": "abc"}, 428)
    bo.api("POST", "/things", {"name": "abc"}, 201, If_Match='"3"')
    assert set(bo.api("POST", "/things", {"name": "abcdef", "version": 1, "more": 1}, 422).json["fields"]) == {"name", "more"}
    for wrong in (True, 1.5, "2x", 2**40, None, [], {}):
        bo.api("POST", "/things", {"name": "abc", "version": wrong}, 422)
    for body in ([1], "text", None, 5):
        assert bo.api("POST", "/things", body).status_code in (422, 428)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": NaN, "version": 1}', "application/json", 400),
        (b'{"name": "\\ud800", "version": 1}', "application/json", 400),
        (b'{"name": "a\\u0000b", "version": 1}', "application/json", 201),
        (b'{"name": "\xff", "version": 1}', "application/json", 400),
        (b'{"version": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"name=abc&version=1", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "text/xml", 415),
        (b'{"name": "' + b"a" * 10_000_000 + b'"}', "application/json", 413),
    ],
)
def test_hostile_bodies(things: Any, web: Any, body: bytes, kind: str, status: int) -> None:
    bo = web("bo")
    answer = bo.client.post("/api/v1/things", data=body, content_type=kind, headers={"Authorization": f"Bearer {bo.token}"})
    assert answer.status_code == status, answer.text
    if status != 201:
        assert answer.content_type == "application/problem+json"
        assert {"type", "title", "status", "detail", "code", "ref"} <= set(answer.json)


def test_only_a_bearer_token_opens_the_api(things: Any, web: Any) -> None:
    bo = web("bo")
    assert bo.client.get("/api/v1/things").status_code == 401  # the cookie alone
    assert bo.client.get("/", headers={"Authorization": f"Bearer {web('ann').token}"}).status_code in (200, 302)
    answer = bo.api("PUT", "/things", {}, 405)
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}
    assert bo.api("GET", "/nowhere", status=404).json["code"] == "not_found"


def test_the_description_says_it_all(things: Any, web: Any) -> None:
    whole = web(None).client.get("/api/v1/openapi.json").json
    post = whole["paths"]["/api/v1/things"]["post"]
    assert post["security"] == [{"bearer": []}]
    assert {"201", "400", "401", "403", "409", "413", "415", "422", "428", "default"} <= set(post["responses"])
    assert {p["name"] for p in post["parameters"]} == {"Idempotency-Key", "If-Match"}
    assert whole["components"]["schemas"]["ThingIn"]["properties"]["name"]["maxLength"] == 5
    assert whole["components"]["schemas"]["ThingIn"]["additionalProperties"] is False
    assert web(None).get("/api/v1/docs").soup.find("h1")


def test_strict_json_takes_chinese_and_escaped_pairs() -> None:
    assert strict_json(json.dumps({"a": "李𠮷"}).encode()) == {"a": "李𠮷"}
