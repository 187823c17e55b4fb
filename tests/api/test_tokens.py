"""Tokens: made with a password, bound to one grant, dying with it; the lock-out is the page's."""

from datetime import timedelta
from typing import Any

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import organisation as o
from tests.cast import PASSWORD

BO = {"username": "bo", "password": PASSWORD}


def call(client: Any, token: str | None, method: str = "GET", path: str = "/api/v1/me") -> Any:
    return client.open(path, method=method, headers={"Authorization": f"Bearer {token}"})


def test_a_token_works_until_it_is_ended(client: Any, engine: Any) -> None:
    made = client.post("/api/v1/tokens", json=BO)
    assert made.status_code == 201, made.text
    assert set(made.json) == {"token", "expires_at", "grant"}
    assert made.json["grant"] == str(engine.cast.grants["bo"])
    me = call(client, made.json["token"])
    assert me.json["name"] == "Bo"
    assert me.json["active_grant"] == made.json["grant"]
    assert [g["role"] for g in me.json["grants"]] == ["worker"]
    assert call(client, made.json["token"], "DELETE", "/api/v1/tokens/current").status_code == 204
    assert call(client, made.json["token"]).status_code == 401


def test_a_token_dies_with_its_grant_its_hours_and_its_user(client: Any, engine: Any) -> None:
    def change(**what: Any) -> None:
        with engine.app.app_context(), system_session("test", write=True) as session:
            if "grant" in what:
                session.get(o.Grant, engine.cast.grants["bo"]).state = what["grant"]
            if "disabled" in what:
                session.get(o.User, engine.cast.users["bo"]).disabled_at = what["disabled"]
            if "late" in what:
                for row in session.query(o.ApiToken):
                    row.expires_at = clock.now() - timedelta(seconds=1)

    token = client.post("/api/v1/tokens", json=BO).json["token"]
    change(grant="ended")
    assert call(client, token).status_code == 401
    assert client.post("/api/v1/tokens", json=BO).json["code"] == "no_grant"
    change(grant="active", disabled=clock.now())
    assert call(client, token).status_code == 401
    assert client.post("/api/v1/tokens", json=BO).status_code == 401
    change(disabled=None)
    assert call(client, token).status_code == 200
    change(late=True)
    assert call(client, token).status_code == 401


def test_refusals(client: Any, engine: Any) -> None:
    assert client.post("/api/v1/tokens", json={**BO, "password": "wrong"}).status_code == 401
    other = client.post("/api/v1/tokens", json={**BO, "grant": str(engine.cast.grants["ann"])})
    assert other.status_code == 422
    assert "grant" in other.json["fields"]
    assert client.post("/api/v1/tokens", json={**BO, "more": 1}).status_code == 422
    assert client.post("/api/v1/tokens", json={"username": "bo"}).status_code == 422
    assert client.post("/api/v1/tokens", data=BO).status_code == 415
    assert client.post("/api/v1/tokens", json={"username": "ned", "password": PASSWORD}).json["code"] == "no_grant"


def test_the_lock_out_counts_for_both_doors_and_only_from_there(client: Any, engine: Any) -> None:
    wrong = {**BO, "password": "wrong"}
    assert [client.post("/api/v1/tokens", json=wrong).status_code for _ in range(5)] == [401] * 5
    locked = client.post("/api/v1/tokens", json=BO)
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > 60
    assert client.get("/login").status_code == 200
    there = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.post("/api/v1/tokens", json=BO, environ_base=there).status_code == 201
    assert client.post("/api/v1/tokens", json=BO).status_code == 429
