"""An installation from its console: init on an empty database, accounts, divisions; who did it and why is in the trail."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from babel.messages.mofile import read_mo
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from caseapp import create_app
from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.cli import catalogues, main
from caseapp.core import clock
from caseapp.extensions import db, intent
from caseapp.models import organisation as o
from caseapp.models.trust import AuditEntry
from tests import conftest
from tests.page import Browser
from tests.services.organisation import places

CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}")
WHO = ("--as", "sam", "--reason", "letter of 1 July")
Run = Callable[..., tuple[int, str]]


def call(*words: str) -> tuple[int, str]:
    """Exit code and everything that was said."""
    db.session.remove()
    guard.bind(db.session, None)
    intent.set("write")
    answer = CliRunner().invoke(main, list(words))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    db.session.remove()
    return answer.exit_code, answer.output


@pytest.fixture
def run(app: Any) -> Run:
    """`run("user", "disable", "bo", …)` on the cast's database."""
    return call


def told(kind: str | None = None) -> list[Any]:
    """(kind, event, channel, reason) of the trail."""
    with system_session("look") as session:
        query = select(AuditEntry.kind, AuditEntry.event, AuditEntry.channel, AuditEntry.reason).order_by(AuditEntry.id)
        return [tuple(row) for row in session.execute(query) if kind in (None, row.kind)]


# init


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database without a table."""
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'empty.sqlite3'}", None
    else:
        server = request.getfixturevalue("postgres_address")
        if server is None:
            conftest.missing("PostgreSQL")
        drop = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with drop.connect() as connection:
            connection.execute(sa.text("CREATE DATABASE empty_init"))
        url = f"{server}/empty_init"
    made = create_app(conftest.settings(url, tmp_path))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    if drop is not None:
        with drop.connect() as connection:
            connection.execute(sa.text("DROP DATABASE empty_init WITH (FORCE)"))


def test_init_makes_an_installation_once(empty: Flask) -> None:
    with empty.app_context():
        code, said = call("init")
        assert code == 0, said
        codes = CODE.findall(said)
        assert len(codes) == 2 and "admin (system_admin)" in said and "security (security_admin)" in said
        with system_session("look") as session:
            assert session.scalar(select(func.count()).select_from(o.Division)) > 12_000
            query = select(o.User.username, o.Grant.role, o.Grant.state).join(o.Grant, o.Grant.user_id == o.User.id)
            assert sorted(tuple(row) for row in session.execute(query)) == [
                ("admin", "system_admin", "active"),
                ("security", "security_admin", "active"),
            ]
            hashes = list(session.scalars(select(o.OneTimeCode.code_hash)))
            assert len(hashes) == 2 and not [row for row in hashes if any(part.replace("-", "") in row for part in codes)]
        again, said = call("init")
        assert again != 0 and "in use already" in said and CODE.search(said) is None
    sign_in_and_administer(empty, codes[0])


def sign_in_and_administer(app: Flask, code: str) -> None:
    """The first administrator opens a station and makes an account for its head."""

    class Here:
        """What a browser needs of an engine."""

        def __init__(self) -> None:
            self.app = app

    admin = Browser(Here(), None)
    data = {"username": "admin", "code": code, "password": "three quiet geese", "again": "three quiet geese"}
    admin.post("/account/code", data, 302)
    admin.name = "admin"
    page = admin.get("/admin/organisations?q=月晴镇")
    office = page.soup.select_one("main li a[href*='/admin/organisations/']")["href"]
    form = admin.get(f"{office}/stations/new").form()
    assert form["name"] == "图们市月晴镇社会工作服务站"
    station = admin.post(f"{office}/stations/new", form)
    home = station.address.rpartition("/")[2]
    form = admin.get(f"/admin/accounts/new?home={home}").form()
    made = admin.post("/admin/accounts/new", form | {"name": "金站长", "username": "jin", "home_id": home})
    assert CODE.search(made.words)


def test_translations_are_compiled_where_they_are_missing(tmp_path: Path) -> None:
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Visit"\nmsgstr "走访"\n'
    )
    catalogues.make_ready(tmp_path)
    with (folder / "messages.mo").open("rb") as file:
        assert read_mo(file)["Visit"].string == "走访"
    before = (folder / "messages.mo").stat().st_mtime_ns
    catalogues.make_ready(tmp_path)
    assert (folder / "messages.mo").stat().st_mtime_ns == before


# accounts


def test_an_account_from_the_console(run: Run, cast: Any) -> None:
    code, said = run("user", "add", "New.One", "--name", "New One", "--at", "222403000000", *WHO)
    assert code == 0 and CODE.search(said), said
    with system_session("look") as session:
        user = session.scalar(select(o.User).where(o.User.username == "new.one"))
        assert user is not None and user.home_path == cast.paths["county"] and user.created_by_id == cast.users["sam"]
    assert told() == [("change", "account.created_on_console", "command", "letter of 1 July")]


REFUSED = (
    (("user", "add", "x.y", "--name", "X", "--at", "/22/"), "--as"),
    (("user", "add", "x.y", "--name", "X", "--at", "/22/", "--as", "sam"), "--reason"),
    (("user", "add", "bo", "--name", "X", "--at", "/22/", *WHO), "is taken"),
    (("user", "add", "X Y", "--name", "X", "--at", "/22/", *WHO), "a–z"),
    (("user", "add", "x.y", "--name", "X", "--at", "/nowhere/", *WHO), "no such organisation"),
    (("user", "disable", "nobody", *WHO), "no such account"),
    (("user", "disable", "sam", *WHO), "your own account"),
    (("user", "reset", "sam", *WHO), "your own account"),
    (("user", "disable", "bo", "--as", "nobody", "--reason", "x"), "no such account"),
    (("user", "disable", "bo", "--as", "ann", "--reason", "x"), "may do this"),
    (("divisions", "load", "nowhere.csv", *WHO), "does not exist"),
)


@pytest.mark.parametrize(
    ("words", "part"), REFUSED, ids=[" ".join(words[:3]) + f" {n}" for n, (words, _part) in enumerate(REFUSED)]
)
def test_refusals_are_sentences_and_change_nothing(run: Run, words: tuple[str, ...], part: str) -> None:
    code, said = run(*words)
    assert code != 0 and part in said, said
    assert [entry for entry in told() if entry[0] != "refusal"] == []
    with system_session("look") as session:
        assert session.scalar(select(func.count(o.User.id)).where(o.User.disabled_at.is_not(None))) == 0


def test_a_refusal_about_rights_is_in_the_trail(run: Run, cast: Any) -> None:
    run("user", "disable", "bo", "--as", "ann", "--reason", "x")
    run("user", "disable", "sam", *WHO)
    places.set_row(o.GrantPlace, (cast.grants["sam"], cast.places["province"]), path=cast.paths["county"])
    run("user", "disable", "far", *WHO)
    assert [(event, channel) for kind, event, channel, _reason in told("refusal")] == [
        ("forbidden", "command"),
        ("forbidden", "command"),
        ("not_found", "command"),
    ]


def test_disabling_ends_sessions_and_tokens(run: Run, engine: Any, cast: Any) -> None:
    now = clock.now()
    with system_session("token", write=True) as session:
        token = o.ApiToken(user_id=cast.users["bo"], grant_id=cast.grants["bo"], token_hash=b"t" * 32, made_at=now)
        token.expires_at = now + timedelta(hours=8)
        session.add(token)
    code, said = run("user", "disable", "bo", *WHO)
    assert (code, said) == (0, "bo: disabled\n")
    with system_session("look") as session:
        assert session.get(o.User, cast.users["bo"]).disabled_at is not None
        assert session.scalar(select(o.ApiToken.ended_at)) is not None
    assert told() == [("change", "account.disabled", "command", "letter of 1 July")]
    assert "disabled already" in run("user", "disable", "bo", *WHO)[1]


def test_a_new_code_waits_for_who_confirms_the_role_but_for_an_only_security_admin(run: Run) -> None:
    assert "waits for a confirmation" in run("user", "reset", "bo", *WHO)[1]
    said = run("user", "reset", "sec", *WHO)[1]
    assert CODE.search(said) and "waits" not in said
    assert [(event, reason) for _kind, event, _channel, reason in told()] == [("account.code_made", "letter of 1 July")] * 2


# divisions

HEAD = "code,name,level,parent,effective,now_code,counts_for_coverage\n"


def test_divisions_from_a_file(run: Run, tmp_path: Path, cast: Any) -> None:
    file = tmp_path / "changes.csv"
    later = (clock.today() + timedelta(days=9)).isoformat()
    file.write_text(
        f"{HEAD}{places.TOWN},River Town,,,2026-07-01,,\n{places.EAST},Sunrise,,,{later},,\n{places.HILL},x,village,,2026-07-01,,\n"
    )
    code, said = run("divisions", "load", str(file), *WHO)
    assert code != 0 and "4: refused 222403102000 x The level of a division" in said and "nothing was changed" in said
    file.write_text(f"{HEAD}{places.TOWN},River Town,,,2026-07-01,,\n{places.EAST},Sunrise,,,{later},,\n")
    code, said = run("divisions", "load", str(file), "--dry-run", *WHO)
    assert code == 0 and "2: rename 222403101000 River Town" in said and "3: waits, rename 222403101201 Sunrise" in said
    assert told() == [] and places.at(cast.paths["rivertown"]).short_name == "River township"
    code, said = run("divisions", "load", str(file), *WHO)
    assert code == 0 and "1 rename, 1 waits" in said
    assert places.at(cast.paths["rivertown"]).short_name == "River Town"
    assert told() == [("change", "divisions.loaded", "command", "letter of 1 July")]
    assert "nothing is due" in run("divisions", "due", *WHO)[1]
    with time_machine.travel(clock.now() + timedelta(days=9), tick=True):
        assert "1 rename" in run("divisions", "due", *WHO)[1]
    with system_session("look") as session:
        assert session.get(o.Division, places.EAST).name == "Sunrise"
    assert "may do this" in run("divisions", "load", str(file), "--as", "cora", "--reason", "x")[1]
    file.write_bytes(b"\xff\xfe\x00")
    assert "neither a CSV file" in run("divisions", "load", str(file), *WHO)[1]
