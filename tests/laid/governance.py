"""Community governance: cases about a person; a community case with a project, a request in the file, a survey, a meeting, a partner."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import governance as g
from tests import rows
from tests.cast import Cast
from tests.laid import own
from tests.laid.added import added

PROJECT = ("project", "print_project", "edit_project", "project_result")  # of a case about a community
HAMLET = {"client_id": None, "community_code": "222403101201", "community_name": "North hamlet"}


def lay(session: Session, cast: Cast, place: str, of: c.Client, stages: tuple[str, ...]) -> own.Own:
    """Cases about the person, one about a community, and papers of the station's own."""
    found = own.lay(session, cast, of, "governance", _detail, "phq9", stages)
    community = own.opened(session, of, "governance", _detail(), **HAMLET)
    found.apart = dict.fromkeys(PROJECT, community.id)
    station = next(name for name, path in cast.paths.items() if path == of.station_path)
    facts = {"worker_id": of.worker_id, "klass": of.klass, "birth_on": of.birth_on}
    found.ids |= _papers(session, rows.client(session, cast, station, f"{place} asking", **facts), community)
    return found


def _detail() -> g.GovernanceDetail:
    detail = g.GovernanceDetail(matters=["roads"])
    detail.needs = "The road floods"
    return detail


def _papers(session: Session, person: c.Client, community: c.Case) -> dict[str, UUID]:
    """One of each, at the person's station and of the person's class."""
    today, now, worker = clock.today(), clock.now(), person.worker_id
    project = g.GovernanceProject(case_id=community.id, name="Warm room", target_times=10, created_at=now)
    project.steps = [{"text": "Clear the room", "due_on": today.isoformat(), "who": None, "done_on": None}]
    added(session, project, community)

    def kept(model: Any, **values: Any) -> Any:
        key = uuid7()
        place = {"station_id": person.station_id, "station_path": person.station_path}
        return model(id=key, file_id=key, klass="P1", created_at=now, created_by_id=worker, **place, **values)

    survey = kept(g.GovernanceSurvey, title="What the village needs", from_on=today, methods=["talks"], worker_id=worker)
    meeting = kept(
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
    request = kept(
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
        "request_id": added(session, request, person),
        "survey_id": added(session, survey),
        "meeting_id": added(session, meeting),
        "partner_id": added(session, kept(g.GovernancePartner, name=f"Team {person.file_no}", kind="volunteer_team")),
    }
