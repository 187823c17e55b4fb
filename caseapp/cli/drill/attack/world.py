"""A demo to be attacked: strangers planted at a station that none of the attackers may read, the attackers, and everybody's ids."""

import secrets
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.cli import mark
from caseapp.cli.bench import forms
from caseapp.cli.demo.generate import generate
from caseapp.cli.demo.places import PASSWORD
from caseapp.cli.drill.attack.values import PLANTED
from caseapp.core import clock
from caseapp.extensions import Base, db, intent
from caseapp.models import casework as c
from caseapp.models.base import OfPerson, Sealed
from caseapp.models.organisation import ApiToken, Grant, Organisation, User

NOBODY = ""
ACCOUNTS = (
    "worker", "head", "supervisor", "township", "county", "city", "province", "sysadmin", "secadmin", "auditor", "contractor", "evaluator",
    NOBODY,
)  # fmt: skip


@dataclass
class World:
    """The app, the ids by the table they are of, and who attacks."""

    app: Flask
    file: Path
    ids: dict[str, list[UUID]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    planted: int = 0

    @property
    def every_id(self) -> list[UUID]:
        """All ids of all tables."""
        return [one for some in self.ids.values() for one in some]

    def renew(self) -> None:
        """The database as it was before the attack: what was destroyed is there again, sessions are gone."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{db.engine.url.database}{suffix}").unlink(missing_ok=True)
            shutil.copy(self.file, str(db.engine.url.database))


def make(app: Flask, clients: int, seed: int, say: Any) -> World:
    """Migrates, fills, plants; the database is copied so that it can be renewed."""
    with app.app_context():
        intent.set("write")
        if mark.find() is None:
            flask_migrate.upgrade()
            generate(seed, clock.today(), clients, say, 1)
        world = World(app, Path(f"{db.engine.url.database}.whole"))
        with system_session("drill attack: strangers", write=True) as session:
            world.planted = _plant(session, _strangers_place(session))
            world.tokens = _tokens(session)
        with system_session("drill attack: ids") as session:
            world.ids = _ids(session)
        db.session.remove()
        with closing(sqlite3.connect(str(db.engine.url.database))) as source, closing(sqlite3.connect(world.file)) as copy:
            source.backup(copy)
    return world


def _strangers_place(session: Session) -> str:
    """The path of the fullest station that no attacker reads files of."""
    read = set()
    for name in ACCOUNTS:
        for grant_id, user_id in session.execute(
            sa.select(Grant.id, Grant.user_id).join(User, User.id == Grant.user_id).where(User.username == name)
        ).all():
            actor = identity.for_grant(session, user_id, grant_id, clock.today())
            if actor is not None and actor.may(Permission.CLIENT_READ):
                read |= set(actor.paths)
    query = (
        sa.select(Organisation.path)
        .join(c.Client, c.Client.station_path == Organisation.path)
        .where(Organisation.kind == "station")
        .group_by(Organisation.path)
        .order_by(sa.func.count().desc(), Organisation.path)
    )
    found = [path for path in session.scalars(query) if not any(path.startswith(root) for root in read)]
    if not found:
        raise RuntimeError("every station is read by one of the attackers")
    return found[0]


def _plant(session: Session, path: str) -> int:
    """The planted word in every name and every sealed text of the rows of one station; returns how many rows."""
    planted = 0
    for mapper in sorted(Base.registry.mappers, key=lambda one: str(one.class_.__tablename__)):
        model: Any = mapper.class_
        if not issubclass(model, OfPerson):
            continue
        sealed = [
            name for owner in model.__mro__ for name, kept in vars(owner).items() if isinstance(kept, Sealed) and not kept.as_json
        ]
        names = [name for name in ("name", "short_name", "relation_note") if name in mapper.columns]
        if not sealed and not names:
            continue
        for row in session.scalars(sa.select(model).where(model.station_path == path)):
            for name in sealed:
                setattr(row, name, f"{PLANTED} {name}")
            for name in names:
                setattr(row, name, f"{PLANTED}{planted}")
            planted += 1
        session.flush()
    return planted


def _tokens(session: Session) -> dict[str, str]:
    """A token of the API for every account, made as its own page would."""
    found, now = {}, clock.now()
    for name, user_id, grant_id in session.execute(
        sa.select(User.username, User.id, Grant.id).join(Grant, Grant.user_id == User.id).where(User.username.in_(ACCOUNTS))
    ):
        token = secrets.token_urlsafe(32)
        session.add(
            ApiToken(
                user_id=user_id,
                grant_id=grant_id,
                token_hash=identity.digest(token),
                made_at=now,
                fresh_at=now,
                expires_at=now + timedelta(days=30),
            )
        )
        found[name] = token
    return found


def _ids(session: Session, most: int = 400) -> dict[str, list[UUID]]:
    """Ids of every table that has some: the newest, and of persons' tables those of the strangers too."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for mapper in Base.registry.mappers:
        table: Any = mapper.local_table
        if "id" not in table.c or not isinstance(table.c.id.type, sa.Uuid):
            continue
        found[table.name] += session.scalars(sa.select(table.c.id).order_by(table.c.id.desc()).limit(most))
        if "station_path" in table.c:
            for path in session.scalars(sa.select(table.c.station_path).distinct().limit(60)):
                found[table.name] += session.scalars(sa.select(table.c.id).where(table.c.station_path == path).limit(8))
    return {name: sorted(set(ids)) for name, ids in found.items() if ids}


class Attacker:
    """Somebody signed in, on pages and by the API; signs in anew when thrown out."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self.client: FlaskClient = world.app.test_client()
        self.csrf = ""
        self.sign_in()

    def sign_in(self) -> None:
        """A new session and its CSRF token; whoever cannot sign in goes on as nobody."""
        self.client = self.world.app.test_client()
        page = self.client.get("/login").text
        self.csrf = forms.token(page)
        if self.name:
            self.client.post("/login", data={"csrf_token": self.csrf, "username": self.name, "password": PASSWORD})
            self.csrf = forms.token(self.client.get("/", follow_redirects=True).text) or self.csrf
