"""The organisation tree and the divisions it stands on."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfOffice, PathText, Stamped, Versioned, words

KINDS = (
    "province",
    "city",
    "county",
    "management_area",
    "township",
    "station",
    "service_point",
    "contractor",
)


class Division(OfOffice, Model):
    """A division of the country down to village committees, with the dates between which its code is valid.

    Parents link by `parent_code`, never by prefix: the two official code systems differ below the county.
    """

    __tablename__ = "division"
    __table_args__ = (sa.Index("ix_division_parent_code_code", "parent_code", "code"),)

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    level: Mapped[str] = mapped_column(sa.String(20), nullable=False)  # province city county township village …
    parent_code: Mapped[str | None] = mapped_column(sa.String(12))
    source: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    counts_for_coverage: Mapped[bool] = mapped_column(nullable=False, default=False)  # denominator of S-1.4
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    now_code: Mapped[str | None] = mapped_column(sa.String(12))  # what an abolished code became


class DivisionChange(Keyed, OfOffice, Model):
    """A change of a division with the day from which it holds: carried out, or waiting for its day.

    What a place was called and where it lay before stays readable here; `path` is the office that the change lies under.
    """

    __tablename__ = "division_change"
    __table_args__ = (sa.Index("ix_division_change_state_effective_on", "state", "effective_on"),)

    code: Mapped[str] = mapped_column(sa.String(12), nullable=False, index=True)
    act: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # new rename move count abolish
    effective_on: Mapped[date] = mapped_column(nullable=False)
    state: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # waiting done withdrawn
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    name: Mapped[str | None] = mapped_column(sa.String(80))
    level: Mapped[str | None] = mapped_column(sa.String(20))
    parent_code: Mapped[str | None] = mapped_column(sa.String(12))
    now_code: Mapped[str | None] = mapped_column(sa.String(12))
    counts_for_coverage: Mapped[bool | None]
    name_before: Mapped[str | None] = mapped_column(sa.String(80))
    parent_before: Mapped[str | None] = mapped_column(sa.String(12))
    entered_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    entered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class Organisation(Keyed, Versioned, Stamped, OfOffice, Model):
    """A node of the tree: bureaus by division, stations, service points; contractors stand beside the tree.

    `path` is the chain of keys from the root, each ended by a slash ("/22/2224/222403/222403101/s1/"): scope is a
    range over it. Moving a node rewrites the paths of its subtree and of every row below (one service).
    """

    __tablename__ = "organisation"

    kind: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    name: Mapped[str] = mapped_column(sa.String(120), nullable=False)  # official, generated for stations (S-4.13)
    short_name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    name_reason: Mapped[str | None] = words()  # why a generated name was changed by hand
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    path: Mapped[str] = mapped_column(PathText, nullable=False, unique=True)
    division_code: Mapped[str | None] = mapped_column(sa.ForeignKey("division.code"), index=True)
    contractor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    credit_code: Mapped[str | None] = mapped_column(sa.String(18))  # contractors: unified social credit code
    phone: Mapped[str | None] = mapped_column(sa.String(20))  # of the station, for colleagues of other stations
    host: Mapped[str | None] = mapped_column(sa.String(20))  # where a station or point sits (S-4.1, S-4.2)
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class FormerPlace(Keyed, OfOffice, Model):
    """Where a bureau stood before it moved: what was released up to that instant lies under this path and stays there."""

    __tablename__ = "former_place"

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False, index=True)
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    left_at: Mapped[datetime] = mapped_column(Instant, nullable=False)


class Purchase(Keyed, OfOffice, Model):
    """A bureau buys from a contractor: what puts a contractor under an administrator's scope."""

    __tablename__ = "purchase"
    __table_args__ = (sa.UniqueConstraint("contractor_id", "organisation_id"),)

    contractor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    from_on: Mapped[date] = mapped_column(nullable=False)
    to_on: Mapped[date | None]
