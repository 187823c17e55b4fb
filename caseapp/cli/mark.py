"""The mark that tells a demo database from a real one: without it the demo writes nothing, with it production refuses."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.config import BadSettings, Settings
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, Setting, User

NAME = "installation.demo"
OLD = timedelta(days=7)


@dataclass(frozen=True)
class Mark:
    """What a demo database says of itself."""

    seed: int
    today: date
    clients: int
    is_complete: bool

    @property
    def is_old(self) -> bool:
        """Whether its dates lie so far back that due dates tell nothing any more."""
        return clock.today() - self.today > OLD


def begin(session: Session, province: UUID, seed: int, today: date, clients: int) -> None:
    """Marks a database as a demo that is being made."""
    value = {"seed": seed, "today": today.isoformat(), "clients": clients, "complete": False}
    session.add(Setting(organisation_id=province, name=NAME, value=value, from_on=today, set_at=clock.now()))


def finish(session: Session, province: UUID) -> None:
    """Says that the demo is complete."""
    row = session.scalars(select(Setting).where(Setting.organisation_id == province, Setting.name == NAME)).one()
    row.value = {**row.value, "complete": True}


def find() -> Mark | None:
    """The mark of the database, None where there is none (or no table yet)."""
    if not _has_tables():
        return None
    with system_session("demo: mark") as session:
        value: Any = session.scalar(select(Setting.value).where(Setting.name == NAME).limit(1))
    if value is None:
        return None
    return Mark(value["seed"], date.fromisoformat(value["today"]), value["clients"], bool(value["complete"]))


def is_empty() -> bool:
    """Whether nobody has ever used this database."""
    if not _has_tables():
        return True
    with system_session("demo: is it empty") as session:
        return not (session.scalar(select(func.count()).select_from(User)) or session.scalar(select(Organisation.id).limit(1)))


def require_fitting(settings: Settings) -> None:
    """Refuses to serve invented people in production, and real ones as a demo."""
    mark = find()
    if settings.env == "production" and mark is not None:
        raise BadSettings("This is a demo database, with passwords that everybody knows: production needs a database of its own.")
    if settings.is_demo and mark is None and not is_empty():
        raise BadSettings(
            "This database is not marked as a demo: the demo does not touch it. Set CASEAPP_DATABASE_URL to another."
        )


def _has_tables() -> bool:
    return inspect(db.engine).has_table("setting")
