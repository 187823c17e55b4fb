"""What the file page of a person shows: a constant number of statements, however much there is."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Enrolment, RefusedItem, Task, VisitPerson
from caseapp.queries.casework.clients import enrolments
from caseapp.queries.organisation import villages, workers


@dataclass(frozen=True)
class ClientFile:
    """A person's file, ready for a page."""

    client: Client
    stays: list[Enrolment]
    cases: list[Case]
    tasks: list[Task]
    refused: list[RefusedItem]
    visits: int
    places: dict[str, str] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)

    @property
    def stay(self) -> Enrolment | None:
        """The stay that runs, else the last one."""
        return self.stays[0] if self.stays else None


def read(client: Client) -> ClientFile:
    """The parts around a person loaded with `detailed`."""
    stays = enrolments.of_client(client.id)
    cases = list(db.session.scalars(select(Case).where(Case.client_id == client.id).order_by(Case.found_on.desc(), Case.id)))
    tasks = list(db.session.scalars(select(Task).where(Task.client_id == client.id, Task.state == "open").order_by(Task.due_on)))
    refused = list(db.session.scalars(select(RefusedItem).where(RefusedItem.client_id == client.id).order_by(RefusedItem.item)))
    visits = db.session.scalar(_visits(client)) or 0
    ids: set[Any] = {client.worker_id, *(s.worker_id for s in stays), *(c.worker_id for c in cases), *(t.user_id for t in tasks)}
    codes = {client.residence_code, client.registered_code}
    return ClientFile(client, stays, cases, tasks, refused, visits, villages.names(codes), workers.names(ids))


def _visits(client: Client) -> Any:
    return select(func.count(VisitPerson.id)).where(VisitPerson.client_id == client.id, VisitPerson.voided.is_(False))
