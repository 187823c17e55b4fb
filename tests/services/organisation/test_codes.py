"""One-time codes: on paper, once, for a while, and where files stand behind the account only after somebody else's yes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from caseapp.access.system import run_side_writes, system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from caseapp.extensions import db
from caseapp.models import organisation as o
from caseapp.models.trust import AuditEntry
from caseapp.schemas.organisation.account import CreateAccount, Reasoned
from caseapp.schemas.organisation.sign_in import UseCode
from caseapp.services.organisation import accounts, codes
from caseapp.services.organisation.sign_in import use_code
from tests.services.organisation import places

NEW = "three quiet geese"


@pytest.fixture
def code_for(as_: Any, cast: Any) -> Any:
    """`code_for("bo")` is a code that Sam made for Bo, committed, and whether it waits."""

    def make(name: str, by: str = "sam") -> tuple[str, bool]:
        user = db.session.get(o.User, cast.users[name]) if (actor := as_(by)) else None
        made = accounts.new_code(Reasoned("forgot", user.version), user, actor)
        db.session.commit()
        return made

    return make


def use(name: str, code: str, password: str = NEW, address: str = "192.0.2.1") -> str:
    db.session.rollback()
    try:
        return use_code(UseCode(name, code, password), device="test", address=address)
    finally:
        run_side_writes()


def refused(name: str, code: str, password: str = NEW) -> str:
    with pytest.raises(Invalid) as error:
        use(name, code, password)
    return str(error.value.code)


def codes_of(cast: Any, name: str) -> list[Any]:
    with system_session("look") as session:
        query = select(o.OneTimeCode).where(o.OneTimeCode.user_id == cast.users[name]).order_by(o.OneTimeCode.made_at)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_a_new_account_sets_its_password_with_the_code_it_was_handed(as_: Any, cast: Any) -> None:
    def create(username: str) -> tuple[Any, str]:
        sam = as_("sam")
        home = db.session.get(o.Organisation, cast.places["county"])
        user, code = accounts.create(CreateAccount(username, "New One", home.id), home, sam)
        found = (user.id, code)
        db.session.commit()
        return found

    user_id, code = create("new.one")
    with system_session("look") as session:
        row = session.scalar(select(o.OneTimeCode).where(o.OneTimeCode.user_id == user_id))
        assert row.purpose == "first" and code.replace("-", "") not in row.code_hash and row.code_hash.startswith("$argon2id$")
        assert session.get(o.Credential, user_id) is None
    with pytest.raises(Conflict):
        create("new.one")
    assert use("new.one", code.lower().replace("-", " "))
    assert refused("new.one", code) == "code_wrong"


def test_a_code_lives_its_days_and_a_newer_one_voids_it(code_for: Any, cast: Any) -> None:
    first, _waits = code_for("ned")
    second, _waits = code_for("ned")
    assert refused("ned", first) == "code_wrong"
    with time_machine.travel(clock.now() + timedelta(days=4), tick=True):  # ned has a password: three days
        assert refused("ned", second) == "code_wrong"
    assert use("ned", second)


def test_a_disabled_account_has_no_code(code_for: Any, cast: Any, as_: Any) -> None:
    code, _waits = code_for("ned")
    places.set_row(o.User, cast.users["ned"], disabled_at=clock.now())
    assert refused("ned", code) == "code_wrong"
    with pytest.raises(Conflict):
        code_for("ned")


def test_a_weak_password_is_refused_before_anything_is_counted(code_for: Any) -> None:
    code, _waits = code_for("ned")
    for _time in range(8):
        assert refused("ned", code, "short") == "password_short"
        assert refused("ned", code, "1234567890") == "password_common"
    assert refused("ned", code, "Ned and his geese") == "password_name"
    assert use("ned", code)


def test_guesses_are_limited_like_passwords(code_for: Any) -> None:
    code, _waits = code_for("ned")
    for _time in range(5):
        assert refused("ned", "2222-2222-2222") == "code_wrong"
    with pytest.raises(TooMany):
        use("ned", code)
    assert use("ned", code, address="192.0.2.77")


WAITING = (
    ("bo", ("ann",)),
    ("chen", ("cora", "sec")),
    ("ann", ("cora", "sec")),
    ("cora", ("sec",)),
    ("dee", ()),
    ("ned", ()),
)


@pytest.mark.parametrize(("name", "by"), WAITING, ids=lambda value: value if isinstance(value, str) else "-".join(value))
def test_a_code_that_opens_files_waits_for_who_confirms_the_role(code_for: Any, as_: Any, cast: Any, name: str, by: Any) -> None:
    code, waits = code_for(name)
    assert waits == bool(by)
    key = codes_of(cast, name)[-1].id
    strangers = {"ann", "hal", "cora", "oto", "sec"} - set(by)
    for stranger in strangers:
        with pytest.raises((Forbidden, NotFound)):
            accounts.confirm_code(key, as_(stranger))
    for confirmer in by:
        assert refused(name, code) == "code_waits"
        assert [user.username for _row, user in codes.waiting(as_(confirmer))] == [name]
        accounts.confirm_code(key, as_(confirmer))
        db.session.commit()
        assert codes.waiting(as_(confirmer)) == []
    assert use(name, code)


def test_who_made_a_code_does_not_confirm_it(code_for: Any, as_: Any, cast: Any) -> None:
    code_for("bo")
    key = codes_of(cast, "bo")[-1].id
    places.set_row(o.OneTimeCode, key, made_by_id=cast.users["ann"])
    with pytest.raises(Forbidden, match="own proposal"):
        accounts.confirm_code(key, as_("ann"))


def test_a_refused_code_is_worthless(code_for: Any, as_: Any, cast: Any) -> None:
    code, _waits = code_for("bo")
    accounts.refuse_code(codes_of(cast, "bo")[-1].id, "he did not ask", as_("ann"))
    db.session.commit()
    assert refused("bo", code) == "code_wrong"


def test_nobody_makes_a_code_for_themselves_or_outside_their_part(code_for: Any, cast: Any) -> None:
    with pytest.raises(Forbidden):
        code_for("sam")
    with pytest.raises(Forbidden):
        code_for("bo", by="ann")
    places.set_row(o.GrantPlace, (cast.grants["sam"], cast.places["province"]), path=cast.paths["county"])
    with pytest.raises(NotFound):
        code_for("far")


def test_only_the_server_helps_an_only_security_admin(code_for: Any, as_: Any, cast: Any) -> None:
    _code, waits = code_for("sec")
    assert waits and codes.waiting(as_("sec")) == []
    sam = as_("sam")
    user = db.session.get(o.User, cast.users["sec"])
    code, waits = accounts.new_code(Reasoned("lost", user.version), user, sam, at_the_server=True)
    db.session.commit()
    assert not waits
    assert use("sec", code)
    places.set_row(o.Grant, cast.grants["pia"], role="security_admin")  # with another one there it waits here too
    sam = as_("sam")
    user = db.session.get(o.User, cast.users["sec"])
    _code, waits = accounts.new_code(Reasoned("lost", user.version), user, sam, at_the_server=True)
    assert waits


def test_using_a_code_ends_every_session_and_token_and_is_in_the_trail(engine: Any, web: Any) -> None:
    ned, bo = web("ned"), web("bo")
    with engine.app.app_context():
        with system_session("code", write=True) as session:
            code = codes.make(session, engine.cast.users["bo"], made_by_id=None, confirmed=True)
        use("bo", code)
    bo.get("/account", 302)
    bo.api("GET", "/me", status=401)
    ned.get("/account")
    with engine.app.app_context(), system_session("look") as session:
        events = list(session.scalars(select(AuditEntry.event).where(AuditEntry.kind == "sign_in").order_by(AuditEntry.id)))
    assert events == ["code.forgotten", "sign_in.ok"]


def test_two_browsers_with_one_code_make_one_password(code_for: Any, engine: Any) -> None:
    code, _waits = code_for("ned")
    db.session.rollback()

    def try_it(number: int) -> bool:
        with engine.app.app_context():
            try:
                return bool(use("ned", code, f"{NEW} {number} and more", f"192.0.2.{number}"))
            except Invalid:
                return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_it, range(4))) == [False, False, False, True]
