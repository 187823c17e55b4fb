"""Bare extension objects and how a database connection begins; no rules."""

from contextvars import ContextVar
from typing import Any

from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from uuid_utils.compat import uuid7

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class CaseSession(Session):
    """The session of requests and jobs; `access/guard.py` hangs the row rules on this class."""


class Base(DeclarativeBase):
    """Every mapped class: a UUIDv7 key set when the object is made, because encrypted fields bind to it."""

    metadata = MetaData(naming_convention=CONVENTION)

    def __init__(self, **values: Any) -> None:
        mapper = type(self).__mapper__
        if "id" in mapper.attrs:
            values = {"id": values.pop("id", None) or uuid7(), **values}
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


db = SQLAlchemy(model_class=Base, session_options={"class_": CaseSession}, disable_autonaming=True)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
compress = Compress()

# What the request's transaction is for: SQLite takes its one write lock only for "write".
intent: ContextVar[str] = ContextVar("intent", default="write")


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """On SQLite: reads begin deferred and cannot write; writes take the lock at once (a later upgrade would fail)."""
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("intent") or intent.get()
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if mode == 'read' else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")
