"""The lock-out: it grows, outlives every rollback, counts guesses sent together, and never shuts out anybody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import TooMany
from caseapp.extensions import db
from caseapp.models.organisation import SignInGuard
from caseapp.services.organisation import lockout
from tests.cast import PASSWORD

HERE, THERE = "192.0.2.1", "198.51.100.7"


def wait(name: str = "bo", address: str = HERE) -> int:
    """Seconds one has to wait; 0 when the attempt is let through."""
    try:
        lockout.attempt(name, address)
    except TooMany as error:
        return error.retry_after
    return 0


def guards() -> list[Any]:
    with system_session("look") as session:
        found = list(session.scalars(select(SignInGuard)))
        session.expunge_all()
        return found


def test_the_block_grows_with_every_further_wrong_attempt(app: Any) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        assert [wait() for _attempt in range(5)] == [0] * 5
        for minutes in (10, 20, 30, 30):
            assert minutes * 60 <= wait() <= minutes * 60 + 1
            time.shift(timedelta(minutes=minutes, seconds=1))
            assert wait() == 0  # one more try, wrong again
        time.shift(timedelta(days=2))
        assert [wait() for _attempt in range(5)] == [0] * 5  # all is forgotten


def test_the_right_password_ends_the_count(app: Any) -> None:
    for _attempt in range(3):
        assert [wait() for _wrong in range(4)] == [0] * 4
        lockout.passed("bo", HERE)


def test_nobody_elsewhere_and_no_other_account_is_shut_out(app: Any) -> None:
    for _attempt in range(6):
        wait("bo", HERE)
    assert wait("bo", HERE) > 0
    assert wait("Bo ", HERE) > 0  # the same account however it is written
    assert wait("bo", THERE) == 0
    assert wait("ben", HERE) == 0


def test_nobody_in_the_same_office_shuts_out_a_device_that_the_account_knows(app: Any) -> None:
    """All of an office shares one address; the mark of another account's device, or one that somebody made up, helps nobody."""
    own = lockout.marked("bo", "")
    shared = lockout.marked("ben", own)
    for _attempt in range(6):
        wait("bo", HERE)
    assert wait("bo", HERE) > 0
    assert wait("bo", lockout.Whence(HERE, own)) == 0
    assert wait("bo", lockout.Whence(HERE, shared)) == 0  # Ben signed in there after him
    for mark in (lockout.marked("ben", ""), "0" * 32 + "." + "1" * 32, "nonsense", own[:40]):
        assert wait("bo", lockout.Whence(HERE, mark)) > 0
    for _attempt in range(6):
        wait("bo", lockout.Whence(THERE, own))
    assert wait("bo", lockout.Whence(THERE, own)) > 0  # guesses on the device itself count as anywhere
    for number in range(20):
        shared = lockout.marked(f"one{number}", shared)
    assert len(shared) < 400


def test_no_name_or_address_is_kept(app: Any) -> None:
    wait("bo", HERE)
    assert all("bo" not in row.key and HERE not in row.key for row in guards())


def test_a_crowd_of_guesses_slows_its_address_but_not_who_is_at_home_there(app: Any) -> None:
    wait("bo"), lockout.passed("bo", HERE)
    for number in range(lockout.FROM_ONE_ADDRESS):
        wait(f"guess{number}")
    assert wait("one.more") > 0
    assert wait("ben") > 0  # has never signed in from here
    assert wait("bo") == 0
    assert wait("ben", THERE) == 0
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=True):
        assert wait("ben") == 0


def test_old_counts_go_and_homes_stay(app: Any) -> None:
    wait("bo"), lockout.passed("bo", HERE), wait("ben")
    with time_machine.travel(clock.now() + timedelta(days=3), tick=True):
        for _attempt in range(5):
            wait("eve", THERE)
        assert len(guards()) == 2  # Bo at home, Eve counted; Ben's one wrong attempt is forgotten
    with time_machine.travel(clock.now() + timedelta(days=40), tick=True):
        for _attempt in range(5):
            wait("far", THERE)
        assert len(guards()) == 1


def test_guesses_sent_at_the_same_moment_all_count(engine: Any) -> None:
    """Twenty at once: five are looked at, whatever the engine; the right password among them does not slip through later."""

    def guess(number: int) -> int:
        client = engine.app.test_client()
        body = {"username": "bo", "password": f"wrong {number}"}
        return int(client.post("/api/v1/tokens", json=body, environ_base={"REMOTE_ADDR": HERE}).status_code)

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(guess, range(20)))
    assert found == [401] * 5 + [429] * 15
    right = {"username": "bo", "password": PASSWORD}
    client = engine.app.test_client()
    assert client.post("/api/v1/tokens", json=right, environ_base={"REMOTE_ADDR": HERE}).status_code == 429
    assert client.post("/api/v1/tokens", json=right, environ_base={"REMOTE_ADDR": THERE}).status_code == 201


def test_the_count_outlives_the_rollback_of_the_request(app: Any, client: Any) -> None:
    client.post("/api/v1/tokens", json={"username": "bo", "password": "wrong"})
    db.session.rollback()
    assert [row.failures for row in guards()] == [1]
