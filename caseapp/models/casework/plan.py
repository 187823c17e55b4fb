"""Service plans: goals with indicator, baseline, target and date; catalogue items; the client's agreement."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed


class Plan(Keyed, Versioned, Stamped, OfPerson, Model):
    """One plan of a case; a new one supersedes the last. An approval holds for `content_hash` and falls when it changes."""

    __tablename__ = "plan"
    __table_args__ = (sa.UniqueConstraint("case_id", "number"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    number: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    state: Mapped[str] = coded(12, default="draft")  # draft in_review approved returned superseded
    aim_enc: Mapped[bytes | None] = sealed()
    aim = Sealed("aim_enc")
    steps_enc: Mapped[bytes | None] = sealed()
    steps = Sealed("steps_enc")
    visit_days: Mapped[int | None] = plain(sa.SmallInteger)  # at most so many days between visits
    starts_on: Mapped[date] = plain(sa.Date, nullable=False)
    review_on: Mapped[date | None] = plain(sa.Date)
    agreed_on: Mapped[date | None] = plain(sa.Date)
    agreed_by: Mapped[str | None] = coded(12, nullable=True)  # self guardian
    agreed_how: Mapped[str | None] = coded(12, nullable=True)  # signed thumbprint spoken
    agreed_note: Mapped[str | None] = mapped_column(sa.String(200))
    written_by: Mapped[Any] = plain(Json)  # ids of everybody who wrote a part of it: none of them decides on it
    content_hash: Mapped[str | None] = mapped_column(sa.String(64))
    approved_at: Mapped[datetime | None] = plain(Instant)

    goals: Mapped[list["Goal"]] = relationship(lazy="raise", order_by="Goal.position")
    items: Mapped[list["PlanItem"]] = relationship(lazy="raise", order_by="PlanItem.position")


class Goal(Keyed, Versioned, Stamped, OfPerson, Model):
    """What shall be different, how one will see it, from where to where, by when; progress in words, not percent."""

    __tablename__ = "goal"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"), nullable=False, index=True)
    position: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    text_enc: Mapped[bytes | None] = sealed()
    text = Sealed("text_enc")
    indicator_enc: Mapped[bytes | None] = sealed()
    indicator = Sealed("indicator_enc")
    baseline_enc: Mapped[bytes | None] = sealed()
    baseline = Sealed("baseline_enc")
    target_enc: Mapped[bytes | None] = sealed()
    target = Sealed("target_enc")
    now_enc: Mapped[bytes | None] = sealed()
    now = Sealed("now_enc")
    due_on: Mapped[date] = plain(sa.Date, nullable=False)
    progress: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)  # 0..4, words in reference
    outcome: Mapped[str | None] = coded(12, nullable=True)  # at closing: reached partly not_reached dropped
    dropped: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)


class PlanItem(Keyed, OfPerson, Model):
    """A catalogue item the plan promises, how often and by whom."""

    __tablename__ = "plan_item"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"), nullable=False, index=True)
    position: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    item: Mapped[str] = coded(10)
    how_often: Mapped[str | None] = mapped_column(sa.String(60))
    who: Mapped[str | None] = mapped_column(sa.String(60))
