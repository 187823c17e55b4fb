"""Signing in: hashes made anew, sessions that end, one role at a time, and every attempt in the trail."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from caseapp.access.system import run_side_writes, system_session
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.core.errors import Forbidden
from caseapp.extensions import db
from caseapp.models import organisation as o
from caseapp.models.trust import AuditEntry
from caseapp.queries.trust import trail
from caseapp.schemas.organisation.sign_in import SignIn
from caseapp.schemas.trust.trail import TrailFilter
from caseapp.services.organisation import sign_in as service
from tests.cast import PASSWORD
from tests.services.organisation import places


def enter(name: str = "bo", password: str = PASSWORD, address: str = "192.0.2.1", **more: Any) -> str | None:
    """A session's token, or None."""
    entered = service.sign_in(SignIn(name, password), device="test", address=address, **more)
    run_side_writes()
    return entered.token if entered else None


def stored(cast: Any, name: str = "bo") -> str:
    with system_session("look") as session:
        return str(session.get(o.Credential, cast.users[name]).password_hash)


def told(kind: str = "sign_in") -> list[Any]:
    with system_session("look") as session:
        query = select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.at, AuditEntry.id)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_an_old_hash_is_made_anew_at_the_next_right_password(app: Any, cast: Any) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    places.set_row(o.Credential, cast.users["bo"], password_hash=old)
    assert passwords.outdated(old)
    assert enter(password="wrong") is None
    assert stored(cast) == old
    assert enter() is not None
    new = stored(cast)
    assert new != old and new.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and not passwords.outdated(new)
    assert enter() is not None and stored(cast) == new


def test_who_is_disabled_or_has_no_password_does_not_enter(app: Any, cast: Any) -> None:
    places.set_row(o.User, cast.users["bo"], disabled_at=clock.now())
    db.session.rollback()
    with system_session("no password", write=True) as session:
        session.delete(session.get(o.Credential, cast.users["ben"]))
    assert [enter("bo"), enter("ben"), enter("nobody.at.all")] == [None, None, None]
    assert passwords.matches(None, PASSWORD) is False


def test_every_attempt_is_told_without_the_name_that_was_typed(app: Any, cast: Any) -> None:
    enter(password="wrong"), enter("somebody.secret"), enter()
    found = told()
    assert [(entry.event, entry.user_id, entry.channel) for entry in found] == [
        ("sign_in.failed", cast.users["bo"], "page"),
        ("sign_in.failed", None, "page"),
        ("sign_in.ok", cast.users["bo"], "page"),
    ]
    assert "somebody" not in str([vars(entry) for entry in found])
    assert found[0].station_path == cast.paths["Riverside"] and found[1].station_path == "/"


def test_an_auditor_at_the_root_reads_what_belongs_to_no_place(app: Any, cast: Any, as_: Any) -> None:
    enter("somebody.secret"), enter("con", password="wrong")
    places.set_row(o.User, cast.users["con"], home_path="/c/one/")
    enter("con", password="wrong")
    assert [entry.event for entry in trail.entries(as_("dee"), TrailFilter(kind="sign_in")).items] == []
    places.set_row(o.GrantPlace, (cast.grants["dee"], cast.places["county"]), path="/22/")
    assert len(trail.entries(as_("dee"), TrailFilter(kind="sign_in")).items) == 3


def test_api_tokens_are_told_as_such(client: Any, engine: Any) -> None:
    client.post("/api/v1/tokens", json={"username": "bo", "password": "wrong"})
    client.post("/api/v1/tokens", json={"username": "bo", "password": PASSWORD})
    with engine.app.app_context():
        assert [(entry.event, entry.channel) for entry in told()] == [("sign_in.failed", "api"), ("token.made", "api")]


def test_the_former_session_of_the_browser_ends(app: Any, cast: Any) -> None:
    first = enter()
    second = enter(former=first)
    with system_session("look") as session:
        live = session.scalars(select(o.UserSession).where(o.UserSession.ended_at.is_(None))).all()
    assert first != second and len(live) == 1


@pytest.mark.parametrize(
    "age", [{"seen_at": timedelta(minutes=31)}, {"started_at": timedelta(hours=13)}], ids=lambda age: str(*age)
)
def test_a_session_ends_by_itself(web: Any, engine: Any, age: Any) -> None:
    bo = web("bo")
    bo.get("/account")
    with engine.app.app_context(), system_session("age", write=True) as session:
        for row in session.scalars(select(o.UserSession)):
            for name, by in age.items():
                setattr(row, name, getattr(row, name) - by)
    bo.get("/account", 302)


def test_sign_out_everywhere_ends_devices_and_tokens(web: Any) -> None:
    one, two, other = web("bo"), web("bo"), web("ben")
    one.api("GET", "/me", status=200), two.api("GET", "/me", status=200)
    two.post("/account/sign-out-everywhere", status=302)
    for browser in (one, two):
        browser.get("/account", 302)
        browser.api("GET", "/me", status=401)
    other.get("/account")
    other.api("GET", "/me", status=200)


@pytest.fixture
def two_roles(engine: Any) -> Any:
    """Bo also supervises Hillside; the id of that role."""
    cast = engine.cast
    with engine.app.app_context(), system_session("second role", write=True) as session:
        grant = o.Grant(user_id=cast.users["bo"], role="supervisor", organisation_id=cast.places["Hillside"], state="active")
        grant.from_on, grant.proposed_at, grant.reason = clock.today(), clock.now(), "x"
        session.add(grant)
        session.flush()
        path = cast.paths["Hillside"]
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=grant.organisation_id, path=path))
        return grant.id


def test_one_role_at_a_time_and_each_switch_is_told(two_roles: Any, web: Any, cast: Any, engine: Any) -> None:
    bo = web("bo")
    assert bo.api("GET", "/me").json["active_grant"] == str(cast.grants["bo"])
    assert "Record a visit" in bo.get("/").words
    bo.post("/role", {"grant": str(two_roles)}, 302)
    assert "Record a visit" not in bo.get("/").words
    bo.get("/visits/new", 403)
    assert bo.api("GET", "/me").json["active_grant"] == str(cast.grants["bo"])  # a token keeps its own
    with engine.app.app_context():
        (entry,) = [entry for entry in told("change") if entry.event == "grant.switched"]
    assert entry.reason == "worker > supervisor" and entry.grant_id == cast.grants["bo"]
    (row,) = entry.changes["rows"]
    assert row["fields"]["grant_id"] == [str(cast.grants["bo"]), str(two_roles)]
    bo.post("/role", {"grant": str(cast.grants["ann"])}, 403)
    bo.post("/role", {"grant": "nonsense"}, 403)


def test_the_next_sign_in_begins_with_the_role_used_last(two_roles: Any, cast: Any, as_: Any) -> None:
    token = enter()
    db.session.rollback()
    with system_session("switch", write=True) as session:
        session.scalars(select(o.UserSession)).one().grant_id = two_roles
    assert enter(former=token)
    with system_session("look") as session:
        rows = session.scalars(select(o.UserSession.grant_id).where(o.UserSession.ended_at.is_(None))).all()
    assert rows == [two_roles]
    db.session.rollback()
    with pytest.raises(Forbidden):
        service.switch_grant(as_("ben"), str(two_roles))


def test_a_cookie_kept_from_before_signing_out_opens_nothing(web: Any) -> None:
    bo = web("bo")
    with bo.client.session_transaction() as cookie:
        kept = cookie["sid"]
    bo.post("/logout", status=302)
    with bo.client.session_transaction() as cookie:
        assert "sid" not in cookie
        cookie["sid"] = kept
    bo.get("/account", 302)
