"""A station's own live counts of mandatory reports, for its head alone: what is restricted answers nothing to anybody else."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import select

from caseapp.access.roles import ROLES
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.details.children import ChildrenReport


@dataclass(frozen=True)
class ReportCounts:
    """Reports found in a span of days that were not voided: how many, how many still open, and the median minutes to the first
    authority told, over those that were told."""

    number: int
    open: int
    minutes: int | None
    told: int


def reports(actor: Actor, first: date, last: date) -> ReportCounts | None:
    """The counts of the head's station; None for every other role."""
    if actor.role not in ROLES or ROLES[actor.role].rows != "head":
        return None
    begin, end = clock.midnight(first), clock.midnight(last + timedelta(days=1))
    query = select(ChildrenReport.state, ChildrenReport.minutes).where(
        ChildrenReport.found_at >= begin, ChildrenReport.found_at < end, ChildrenReport.state != "void"
    )
    rows = db.session.execute(query).all()
    minutes = [row.minutes for row in rows if row.minutes is not None]
    middle = round(median(minutes)) if minutes else None
    return ReportCounts(len(rows), sum(row.state == "open" for row in rows), middle, len(minutes))
