"""Papers of community governance: a community case with a project, a request in the person's file, a survey, a meeting, a partner."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import governance as g
from tests import rows
from tests.laid.added import added

PROJECT = ("project", "print_project", "edit_project", "project_result")
OTHERS = {(f"governance.{page}", "case_id"): "community_id" for page in PROJECT}


def papers(session: Session, cast: Any, person: c.Client, worker: UUID) -> dict[str, UUID]:
    """One of each, at the person's station and of the person's class."""
    today, now = clock.today(), clock.now()
    community = rows.case(
        session,
        person,
        worker,
        domain="governance",
        status="serving",
        client_id=None,
        community_code="222403101201",
        community_name="North hamlet",
        created_by_id=worker,
    )
    project = g.GovernanceProject(case_id=community.id, name="Warm room", target_times=10, created_at=now)
    project.steps = [{"text": "Clear the room", "due_on": today.isoformat(), "who": None, "done_on": None}]
    added(session, project, community)

    def own(model: Any, **values: Any) -> Any:
        key = uuid7()
        place = {"station_id": person.station_id, "station_path": person.station_path}
        return model(id=key, file_id=key, klass="P1", created_at=now, created_by_id=worker, **place, **values)

    survey = own(g.GovernanceSurvey, title="What the village needs", from_on=today, methods=["talks"], worker_id=worker)
    meeting = own(
        g.GovernanceMeeting,
        happened_on=today,
        division_code="222403101201",
        called_by="station",
        present=9,
        matters=["roads"],
        subject="The road",
        follow_up_on=today + timedelta(days=3),
        worker_id=worker,
    )
    meeting.decided = "Mend it"
    request = own(
        g.GovernanceRequest,
        number=f"RQ-{person.file_no}",
        asked_on=today,
        channel="visit",
        matters=["roads"],
        division_code="222403101201",
        client_id=person.id,
        due_on=today,
        worker_id=worker,
    )
    request.what = "The road is broken"
    return {
        "community_id": community.id,
        "request_id": added(session, request, person),
        "survey_id": added(session, survey),
        "meeting_id": added(session, meeting),
        "partner_id": added(session, own(g.GovernancePartner, name=f"Team {person.file_no}", kind="volunteer_team")),
    }
