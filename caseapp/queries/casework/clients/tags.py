"""Target groups, documents and contacts of a person, one by one."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Client, TargetTag


def of_client(client_id: UUID) -> list[TargetTag]:
    """Every target group a person has or had, without those that live with a restricted case."""
    query = select(TargetTag).where(TargetTag.client_id == client_id, TargetTag.case_id.is_(None))
    return list(db.session.scalars(query.order_by(TargetTag.from_on, TargetTag.id)))


def of_case(case_id: UUID) -> list[TargetTag]:
    """The target groups that live with a restricted case."""
    return list(db.session.scalars(select(TargetTag).where(TargetTag.case_id == case_id).order_by(TargetTag.from_on)))


def part(model: Any, part_id: UUID, client: Client) -> Any:
    """One row that hangs on a person (tag, document, contact); NotFound when it is another's."""
    found = db.session.scalar(select(model).where(model.id == part_id, model.client_id == client.id))
    if found is None:
        raise NotFound()
    return found
