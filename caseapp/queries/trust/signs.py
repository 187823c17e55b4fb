"""Days of a user that stand out in the trail: many files opened, much read at night, much refused; until an auditor has looked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import func, or_, select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import User
from caseapp.models.trust import AuditEntry, AuditReview, AuditSeen
from caseapp.queries.organisation import settings

SIGNS = ("glass", "many_files", "at_night", "refused")
BROKEN = "glass.broken"  # the event of a restricted file that was opened in an emergency: once is enough
DAYS = 7  # of the past that are looked at
NIGHT = (time(22), time(6))  # of the day after
MOST = 100


@dataclass(frozen=True)
class Sign:
    """One day of one user that stands out: why, and how often."""

    user: User
    day: date
    sign: str
    count: int


@dataclass(frozen=True)
class Day:
    """A user's day for whoever looks at it: the files opened (id, times), how much was read, changed and refused, what was said."""

    user: User
    day: date
    files: list[Any]
    kinds: dict[str, int]
    at_night: int
    broken: int
    reviews: list[Any]


def waiting(actor: Actor) -> list[Sign]:
    """The days that stand out and that nobody has looked at, the latest first; the auditor's own are for somebody else."""
    require(actor, Permission.AUDIT_REVIEW)
    today, limits = clock.today(), settings.At(actor.paths[0])
    days = [today - timedelta(days=n) for n in range(DAYS)]
    found = {
        ("many_files", user_id, day): count
        for user_id, day, count in db.session.execute(_many(days[-1], limits["trail.many_files"]))
    }
    for sign, kind, spans in (("at_night", "read", _nights(days)), ("refused", "refusal", _whole(days))):
        rows = db.session.execute(_in_spans(kind, spans, limits[f"trail.{sign}"]))
        found |= {(sign, user_id, days[place]): count for user_id, place, count in rows}
    for user_id, place, count in db.session.execute(_in_spans("read", _whole(days), 1, BROKEN)):
        found["glass", user_id, days[place]] = count
    done = select(AuditReview.sign, AuditReview.user_id, AuditReview.day).where(AuditReview.day >= days[-1])
    seen = {(sign, user_id, day) for sign, user_id, day in db.session.execute(done)}
    left = {key: count for key, count in found.items() if key not in seen and key[1] != actor.user_id}
    users = {u.id: u for u in db.session.scalars(select(User).where(User.id.in_({key[1] for key in left})))} if left else {}
    signs = [Sign(users[user_id], day, sign, count) for (sign, user_id, day), count in left.items()]
    return sorted(signs, key=lambda s: (-s.day.toordinal(), s.sign, s.user.username))


def of_day(actor: Actor, user_id: UUID, day: date) -> Day:
    """What a user did on a day, as the trail has it; NotFound for an account elsewhere."""
    require(actor, Permission.AUDIT_READ)
    user = db.session.get(User, user_id)
    if user is None or not actor.covers(user.home_path):
        raise NotFound()
    seen = select(AuditSeen.file_id, AuditSeen.opened).where(
        AuditSeen.user_id == user.id, AuditSeen.seen_on == day, AuditSeen.opened > 0
    )
    files = list(db.session.execute(seen.order_by(AuditSeen.opened.desc(), AuditSeen.file_id).limit(MOST)))
    (whole,), (night,) = _whole([day]), _nights([day])
    mine = AuditEntry.user_id == user.id
    kinds = select(AuditEntry.kind, func.count(AuditEntry.id)).where(mine, _within(whole)).group_by(AuditEntry.kind)
    late = select(func.count(AuditEntry.id)).where(mine, AuditEntry.kind == "read", _within(night))
    said = select(AuditReview, User.name).join(User, User.id == AuditReview.by_id)
    said = said.where(AuditReview.user_id == user.id, AuditReview.day == day).order_by(AuditReview.at, AuditReview.id)
    counted = {row[0]: row[1] for row in db.session.execute(kinds)}
    broken = select(func.count(AuditEntry.id)).where(mine, AuditEntry.event == BROKEN, _within(whole))
    night_reads, opened = db.session.scalar(late) or 0, db.session.scalar(broken) or 0
    return Day(user, day, files, counted, night_reads, opened, list(db.session.execute(said)))


def _many(since: date, most: int) -> Any:
    """Files themselves that were opened, by user and day; lines in lists are not counted."""
    query = select(AuditSeen.user_id, AuditSeen.seen_on, func.count(AuditSeen.file_id))
    query = query.where(AuditSeen.opened > 0, AuditSeen.seen_on >= since).group_by(AuditSeen.user_id, AuditSeen.seen_on)
    return query.having(func.count(AuditSeen.file_id) >= most)


Span = tuple[datetime, datetime]


def _in_spans(kind: str, spans: list[Span], most: int, event: str | None = None) -> Any:
    """Entries of a kind by user and span; which span is worked out by comparison, so that no time zone of a database matters."""
    place = when(*((_within(span), number) for number, span in enumerate(spans)))
    query = select(AuditEntry.user_id, place.label("place"), func.count(AuditEntry.id))
    query = query.where(AuditEntry.kind == kind, AuditEntry.user_id.is_not(None), or_(*map(_within, spans)))
    query = query.where(AuditEntry.event == event) if event else query
    return query.group_by(AuditEntry.user_id, "place").having(func.count(AuditEntry.id) >= most)


def _within(span: Span) -> Any:
    return (AuditEntry.at >= span[0]) & (AuditEntry.at < span[1])


def _whole(days: list[date]) -> list[Span]:
    return [(clock.midnight(day), clock.midnight(day + timedelta(days=1))) for day in days]


def _nights(days: list[date]) -> list[Span]:
    return [(_moment(day, NIGHT[0]), _moment(day + timedelta(days=1), NIGHT[1])) for day in days]


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.SHANGHAI)
