"""Whose time is over: the persons whose last stay and last case are longer gone than the periods of their station demand."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from caseapp.access.system import system_session
from caseapp.core import dates
from caseapp.models import casework as c
from caseapp.models.trust import LegalHold
from caseapp.queries.casework.retention import keep_until
from caseapp.queries.organisation.settings import At

PERIODS = ("retention.adult_case_years", "retention.minor_case_years", "retention.protection_years")
MOST = 200  # persons of one list


@dataclass(frozen=True)
class Due:
    """A person whose data may go: the last day they had to be kept."""

    client_id: UUID
    file_no: str
    until: date


def due(path: str, today: date) -> list[Due]:
    """The persons of a station (with its points), the longest over first; none with a hold, a running stay or an open case.

    Domain handbook 5.6: an adult's case by its closing, a minor's from the eighteenth birthday, protection and violence for longest; a
    person without any case as an adult's (or minor's) case that closed with the last stay.
    """
    at = At(path)
    with system_session("disposal: whose time is over") as session:
        shortest = min(int(at[name]) for name in PERIODS)
        query = _ended(path, dates.add_months(today, -12 * shortest))
        found = [one for one in (_due(session, client, last, at, today) for client, last in session.execute(query)) if one]
    return sorted(found, key=lambda one: (one.until, one.file_no))[:MOST]


def is_held(session: Any, client_id: UUID) -> bool:
    """Whether a hold stands."""
    return bool(session.scalar(select(exists().where(LegalHold.client_id == client_id, LegalHold.lifted_on.is_(None)))))


def _ended(path: str, before: date) -> Any:
    """(person, last day of the last stay) of those whose last stay ended before a day and who are not held."""
    last = func.max(c.Enrolment.to_on)
    stays = select(c.Enrolment.client_id, last.label("last")).group_by(c.Enrolment.client_id)
    stays = stays.having(func.count() == func.count(c.Enrolment.to_on), last < before)  # none runs
    ended = stays.where(c.Enrolment.station_path.startswith(path, autoescape=True)).subquery()
    held = exists().where(LegalHold.client_id == c.Client.id, LegalHold.lifted_on.is_(None))
    query = select(c.Client, ended.c.last).join(ended, ended.c.client_id == c.Client.id)
    return query.where(c.Client.state != "merged", ~held).order_by(c.Client.file_no)


def _due(session: Session, client: c.Client, last: date, at: At, today: date) -> Due | None:
    subject = c.Case.client_id == client.id
    if client.household_id is not None:
        subject = or_(subject, c.Case.household_id == client.household_id)
    cases = session.scalars(select(c.Case).where(subject, c.Case.status != "declined").options(selectinload(c.Case.client))).all()
    ends = [keep_until(case, at) for case in cases]
    if any(end is None for end in ends):
        return None
    begins, years = last, at[PERIODS[0]]
    if client.birth_on is not None and dates.age_on(client.birth_on, begins) < 18:
        begins, years = dates.birthday(client.birth_on, 18), at[PERIODS[1]]
    until = max([dates.add_months(begins, 12 * int(years)), *(end for end in ends if end is not None)])
    return Due(client.id, client.file_no, until) if until < today else None
