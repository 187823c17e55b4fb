"""What the file page of a person shows: a constant number of statements, however much there is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.extensions import db
from caseapp.models.casework import (
    Assessment,
    Case,
    Client,
    Consent,
    Enrolment,
    Household,
    HouseholdMember,
    MemberLink,
    RefusedItem,
    Task,
    VisitPerson,
)
from caseapp.queries.casework import households, timeline
from caseapp.queries.casework.timeline import Rows, Story
from caseapp.queries.organisation import names

LONG = 40  # entries of the story on the file page


@dataclass(frozen=True)
class ClientFile:
    """A person's file, ready for a page."""

    client: Client
    stays: list[Enrolment]
    cases: list[Case]
    tasks: list[Task]
    refused: list[str]
    consents: list[Consent]
    visits: int
    story: Story
    household: Household | None
    members: list[HouseholdMember]
    relatives: dict[UUID, Client]
    links: list[MemberLink]  # which member is what to whom
    places: dict[str, str]
    people: dict[UUID, str]

    @property
    def stay(self) -> Enrolment | None:
        """The stay that runs, else the last one."""
        return self.stays[0] if self.stays else None

    @property
    def consent(self) -> Consent | None:
        """The ground that holds today: the last one that was not withdrawn."""
        return next((row for row in self.consents if row.withdrawn_on is None), None)


def read(client: Client) -> ClientFile:
    """The parts around a person loaded with `detailed`."""
    stays, refused = _stays(client)
    cases = list(db.session.scalars(select(Case).where(Case.client_id == client.id).order_by(Case.found_on.desc(), Case.id)))
    tasks = list(db.session.scalars(select(Task).where(Task.client_id == client.id, Task.state == "open").order_by(Task.due_on)))
    visits, count = timeline.visits(VisitPerson.client_id == client.id, LONG)
    rows = Rows(
        visits=visits,
        assessments=timeline.assessments(Assessment.client_id == client.id, LONG),
        stays=stays,
        consents=timeline.consents(client.id),
        cases=cases,
        **timeline.of_cases([case.id for case in cases], LONG),
    )
    household, members, relatives, links = households.around(client.household_id)
    ids: set[Any] = {client.worker_id, *(s.worker_id for s in stays), *(c.worker_id for c in cases), *(t.user_id for t in tasks)}
    known = names.of(ids | timeline.actors(rows), {client.residence_code, client.registered_code})
    return ClientFile(
        client=client,
        stays=stays,
        cases=cases,
        tasks=tasks,
        refused=refused,
        consents=list(rows.consents),
        visits=count,
        story=timeline.story(rows, LONG, known.people),
        household=household,
        members=members,
        relatives=relatives,
        links=links,
        places=known.places,
        people=known.people,
    )


def _stays(client: Client) -> tuple[list[Enrolment], list[str]]:
    """Every stay, the latest first, and beside them the codes of what the person did not want to give."""
    items = select(func.aggregate_strings(RefusedItem.item, ",")).where(RefusedItem.client_id == client.id).scalar_subquery()
    query = select(Enrolment, items).where(Enrolment.client_id == client.id)
    rows = db.session.execute(query.order_by(Enrolment.from_on.desc(), Enrolment.id.desc())).all()
    return [row[0] for row in rows], sorted((rows[0][1] or "").split(",")) if rows and rows[0][1] else []
