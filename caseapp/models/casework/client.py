"""The person served, with documents, contacts, target tags and refused data items (forms F1, domain.md 2.3)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from caseapp.models.base import (
    Instant,
    Json,
    Keyed,
    Model,
    OfPerson,
    Passing,
    Sealed,
    SortText,
    Stamped,
    Versioned,
    coded,
    one_of,
    plain,
    sealed,
    whose,
)


class VisitDue:
    """When the next visit is due and why: filled by `services/casework/due.py` from the strictest rule that applies."""

    next_visit_on: Mapped[date | None] = plain(sa.Date)
    next_visit_rule: Mapped[str | None] = coded(30, nullable=True)  # reference interval rule, "planned" or "plan"
    next_visit_facts: Mapped[Any] = plain(Json)  # what the one sentence needs: days, last, level or tag code
    planned_visit_on: Mapped[date | None] = plain(sa.Date)  # what the worker chose
    planned_reason: Mapped[str | None] = mapped_column(sa.String(200))
    last_visit_on: Mapped[date | None] = plain(sa.Date)
    last_met_on: Mapped[date | None] = plain(sa.Date)
    last_outcome: Mapped[str | None] = coded(20, nullable=True)


class Client(Keyed, Versioned, Stamped, OfPerson, VisitDue, Model):
    """One person on file at one station; the same human at two stations is two rows. `file_id` is the row's own id."""

    __tablename__ = "client"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        return (
            sa.Index("ix_client_station_id_name_key", "station_id", "name_key", "id"),
            sa.Index("ix_client_station_id_next_visit_on", "station_id", "next_visit_on", "id"),
            sa.Index("ix_client_station_id_initials", "station_id", "initials"),
            sa.Index("ix_client_worker_id_next_visit_on", "worker_id", "next_visit_on", "id"),
            sa.Index("ix_client_household_id", "household_id"),
            sa.Index("ix_client_station_path_file_no", "station_path", "file_no"),
            sa.Index("ix_client_station_id_birth_on", "station_id", "birth_on"),
            sa.UniqueConstraint("station_id", "file_no"),
        )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    file_no: Mapped[str] = plain(sa.String(40), nullable=False)
    state: Mapped[str] = coded(12, default="on_file")  # on_file, ended, merged
    merged_into_id: Mapped[UUID | None] = plain(sa.Uuid)  # a record joined to another stays as a pointer that nobody reads
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    other_names: Mapped[str | None] = mapped_column(sa.String(120))
    name_key: Mapped[str] = mapped_column(SortText, nullable=False)  # full pinyin, then name: list order and search
    initials: Mapped[str] = mapped_column(SortText, nullable=False)
    is_unidentified: Mapped[bool] = plain(sa.Boolean, default=False, nullable=False)  # 无名氏
    sex: Mapped[str] = coded(2)
    birth_on: Mapped[date | None] = mapped_column(sa.Date)  # first day of what is known
    birth_precision: Mapped[str] = coded(8, default="day")  # day month year estimate unknown
    ethnic: Mapped[str | None] = coded(4, nullable=True)
    education: Mapped[str | None] = coded(4, nullable=True)
    marital: Mapped[str | None] = coded(4, nullable=True)
    registration: Mapped[str | None] = coded(10, nullable=True)  # hukou nature
    registered_code: Mapped[str | None] = coded(12, nullable=True)  # hukou division
    registration_residence: Mapped[str | None] = coded(4, nullable=True)  # 人户分离 0 1 2
    residence_code: Mapped[str | None] = coded(12, nullable=True)  # village or township lived in
    address_enc: Mapped[bytes | None] = sealed()
    address = Sealed("address_enc")
    living: Mapped[str | None] = coded(20, nullable=True)
    self_care: Mapped[str | None] = coded(20, nullable=True)
    health: Mapped[str | None] = mapped_column(sa.String(20))
    disability: Mapped[str | None] = mapped_column(sa.String(20))  # kinds, comma-separated digits
    disability_grade: Mapped[str | None] = mapped_column(sa.String(2))
    income_source: Mapped[str | None] = mapped_column(sa.String(20))
    benefits: Mapped[Any] = mapped_column(Json, nullable=True)  # list of policy codes
    safe_contact: Mapped[str | None] = mapped_column(sa.String(200))  # how and when contact does no harm
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    risk: Mapped[str] = coded(8, default="green")
    worker_id: Mapped[UUID | None] = whose("responsible")  # responsible worker; the enrolment keeps the history
    household_id: Mapped[UUID | None] = plain(sa.Uuid)
    deceased_on: Mapped[date | None] = plain(sa.Date)
    no_document_reason: Mapped[str | None] = coded(20, nullable=True)
    features_enc: Mapped[bytes | None] = sealed()  # of a person without name or papers
    features = Sealed("features_enc")

    documents: Mapped[list["IdentityDocument"]] = relationship(lazy="raise", order_by="IdentityDocument.id")
    contacts: Mapped[list["Contact"]] = relationship(lazy="raise", order_by="Contact.position")
    tags: Mapped[list["TargetTag"]] = relationship(lazy="raise", viewonly=True, order_by="TargetTag.code")


class IdentityDocument(Keyed, Stamped, OfPerson, Model):
    """A document of a person: number encrypted, a keyed digest for exact match, the shown part masked."""

    __tablename__ = "identity_document"
    asked_across = Passing()  # of the saving itself: whether other stations were asked by number
    __table_args__ = (sa.Index("ix_identity_document_number_index_station_path", "number_index", "station_path"),)

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    kind: Mapped[str] = coded(10)
    number_enc: Mapped[bytes | None] = sealed()
    number = Sealed("number_enc")
    number_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    valid_to: Mapped[date | None] = plain(sa.Date)
    voided_at: Mapped[datetime | None] = plain(Instant)


class Contact(Keyed, Stamped, OfPerson, Model):
    """A way to reach a person: own phone, a shared one, a relative, a village cadre who passes it on, or none."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.Index("ix_contact_phone_index_station_path", "phone_index", "station_path"),
        sa.Index("ix_contact_last_four_index_station_path", "last_four_index", "station_path"),
    )

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    position: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)
    kind: Mapped[str] = coded(12)  # own shared relative neighbour relay none
    name: Mapped[str | None] = mapped_column(sa.String(60))
    relation: Mapped[str | None] = coded(20, nullable=True)
    phone_enc: Mapped[bytes | None] = sealed()
    phone = Sealed("phone_enc")
    phone_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    last_four_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    is_emergency: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    note: Mapped[str | None] = mapped_column(sa.String(200))


OF_A_CASE = sa.text("case_id IS NOT NULL")


class TargetTag(Keyed, Stamped, OfPerson, Model):
    """A target group of a person, from a day until a day, on a basis. P3 tags live with the restricted case."""

    __tablename__ = "target_tag"
    __table_args__ = (
        one_of("uq_target_tag_holding", "client_id", "code", where="to_on IS NULL AND status <> 'cancelled' AND case_id IS NULL"),
        # only of those that live with a case: else "lives with none" would be looked up in it, among all tags of the province
        sa.Index("ix_target_tag_station_path", "station_path"),
        sa.Index("ix_target_tag_case_id", "case_id", sqlite_where=OF_A_CASE, postgresql_where=OF_A_CASE),
    )

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"))
    code: Mapped[str] = coded(10)
    status: Mapped[str] = coded(12, default="confirmed")  # suspected confirmed cancelled
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date | None] = plain(sa.Date)
    verified_on: Mapped[date | None] = plain(sa.Date)
    basis: Mapped[str | None] = mapped_column(sa.String(120))
    ended_reason: Mapped[str | None] = mapped_column(sa.String(120))  # why it ended, or why it never held


class RefusedItem(Keyed, Stamped, OfPerson, Model):
    """A data item that the person did not want to give: a fact, not a gap (PIPL art. 16)."""

    __tablename__ = "refused_item"
    __table_args__ = (sa.UniqueConstraint("client_id", "item"),)

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False)
    item: Mapped[str] = coded(30)
    refused_on: Mapped[date] = plain(sa.Date, nullable=False)
