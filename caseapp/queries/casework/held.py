"""What is still open in somebody's name: one part for each column that says who is responsible.

A column that names a user says what that means beside itself (`models/base.py`, `whose`; those ending in `by_id` tell who did what
their row tells). A house test walks the tables: every column that means "responsible" has a part here or in the descriptor of its
domain (`Domain.held`), so that nothing stays behind with somebody who leaves, and no new column is forgotten.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, union_all

from caseapp.access.scope import under
from caseapp.core.actor import Actor
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.casework.case import LIVE
from caseapp.models.casework.referral import RUNNING, UNANSWERED
from caseapp.models.organisation import Grant, GrantPlace, User
from caseapp.queries.organisation import workers

SHOWN = 100  # rows of one part on the page


@dataclass(frozen=True)
class Part:
    """One kind of what is somebody's: which column says so, and while what holds. `along`: it goes with that other part."""

    code: str
    label: Any
    model: Any
    column: str
    is_open: Callable[[Actor], Sequence[Any]]
    along: str | None = None
    order: str = "id"

    @property
    def whose(self) -> Any:
        """The column."""
        return getattr(self.model, self.column)


def _referral(model: Any) -> Callable[[Actor], Sequence[Any]]:
    referral = c.Referral
    running = select(referral.id).where(referral.status.in_((*UNANSWERED, *RUNNING)))
    key = referral.id if model is referral else model.referral_id
    return lambda actor: (under(actor, model.to_path), key.in_(running))


PARTS = (
    Part("clients", _l("Persons on file"), c.Client, "worker_id", lambda _a: (c.Client.state == "on_file",), order="name_key"),
    Part("stays", _l("Stays on file"), c.Enrolment, "worker_id", lambda _a: (c.Enrolment.to_on.is_(None),), along="clients"),
    Part("cases", _l("Cases"), c.Case, "worker_id", lambda _a: (c.Case.status.in_((*LIVE, "follow_up")),)),
    Part(
        "members",
        _l("Cases of others, worked on along"),
        c.CaseMember,
        "user_id",
        lambda _a: (c.CaseMember.to_on.is_(None), c.CaseMember.part != "worker"),
    ),
    Part("tasks", _l("Promises"), c.Task, "user_id", lambda _a: (c.Task.state == "open",), order="due_on"),
    Part("referrals", _l("Referrals to be answered"), c.Referral, "assigned_to_id", _referral(c.Referral)),
    Part("packets", _l("Referrals to be answered"), c.ReferralPacket, "assigned_to_id", _referral(c.ReferralPacket), "referrals"),
    Part("notes", _l("Referrals to be answered"), c.ReferralNote, "assigned_to_id", _referral(c.ReferralNote), "referrals"),
)


def rows(part: Part, user_id: UUID, actor: Actor, limit: int | None = None) -> list[Any]:
    """What is open of one part in somebody's name."""
    query = select(part.model).where(part.whose == user_id, *part.is_open(actor))
    query = query.order_by(*dict.fromkeys((getattr(part.model, part.order), part.model.id)))
    return list(db.session.scalars(query.limit(limit) if limit else query))


def counts(parts: Iterable[Part], actor: Actor, user_id: UUID | None = None, *, gone: bool = False) -> dict[UUID, dict[str, int]]:
    """How much is open in whose name, part by part, in one statement; `gone`: only of users who work here no more."""
    asked = []
    for part in parts:
        query = select(part.whose.label("whose"), literal(part.code).label("part"), func.count().label("count"))
        query = query.select_from(part.model).where(part.whose.is_not(None), *part.is_open(actor))
        if user_id is not None:
            query = query.where(part.whose == user_id)
        if gone:
            query = query.where(part.whose.not_in(_working(actor)))
        asked.append(query.group_by(part.whose))
    found: dict[UUID, dict[str, int]] = {}
    for user, code, count in db.session.execute(union_all(*asked)):
        found.setdefault(user, {})[code] = count
    return found


def shown(parts: Iterable[Part], counted: dict[str, int]) -> int:
    """How many things that is for a reader: what goes along with another part is not counted twice."""
    own = {part.code for part in parts if part.along is None}
    return sum(count for code, count in counted.items() if code in own)


def _working(actor: Actor) -> Any:
    """Users who work under the actor's places now."""
    return (
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(Grant.role.in_(workers.WORKING), *workers.in_force(), under(actor, GrantPlace.path))
    )


def member(user_id: UUID, actor: Actor) -> User | None:
    """Somebody who has or had a role at the actor's places; None for everybody else."""
    query = (
        select(User)
        .join(Grant, Grant.user_id == User.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(User.id == user_id, Grant.role.in_(workers.WORKING), under(actor, GrantPlace.path))
    )
    found: User | None = db.session.scalar(query.limit(1))
    return found


def works(user_id: UUID, actor: Actor) -> bool:
    """Whether this user works under the actor's places now."""
    return db.session.scalar(_working(actor).where(Grant.user_id == user_id).limit(1)) is not None
