"""However much a station keeps of its own, its pages of community governance send the same number of statements, and an index serves their order."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import governance as g
from tests import rows
from tests.page import Browser

LIST, FILE = 13, 20
PAGES = [
    ("bo", "/governance/requests", LIST),
    ("ann", "/governance/requests?state=answered", LIST),
    ("tao", "/governance/requests/print?state=answered", LIST),
    ("bo", "/governance/surveys", LIST),
    ("bo", "/governance/meetings", LIST),
    ("bo", "/governance/partners", LIST),
    ("bo", "/governance/cases", LIST),
    ("bo", "/governance/cases/{case}", FILE),
    ("bo", "/governance/cases/{case}/project", FILE),
    ("tao", "/governance/cases/{case}/project/print", FILE),
    ("bo", "/", FILE + 2),
]


def fill(engine, count):
    """A community case with a project, and so many of everything else."""
    cast, today = engine.cast, clock.today()
    with engine.app.app_context(), system_session("crowd", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"])
        facts = {"client_id": None, "community_code": "222403101201", "community_name": "North", "klass": "P1"}
        case = rows.case(session, person, cast.users["bo"], domain="governance", status="serving", **facts)
        place = {"station_id": person.station_id, "station_path": person.station_path, "created_at": clock.now()}
        for n in range(count):
            day = today - timedelta(days=n % 90)

            def own(model, **values):
                key = uuid7()
                row = model(id=key, file_id=key, klass="P1", created_by_id=cast.users["bo"], **place, **values)
                session.add(row)
                return row

            partner = own(g.GovernancePartner, name=f"Team {n}", kind="charity")
            survey = own(g.GovernanceSurvey, title=f"Survey {n}", from_on=day, methods=["talks"], worker_id=cast.users["ben"])
            session.flush()
            inside = {"station_path": person.station_path, "klass": "P1", "file_id": survey.id}
            session.add(g.GovernanceFinding(survey_id=survey.id, position=1, need="Light", item="D2.1", **inside))
            where = {"division_code": "222403101201", "worker_id": cast.users["bo" if n % 2 else "ben"]}
            own(
                g.GovernanceMeeting,
                happened_on=day,
                called_by="station",
                present=9,
                subject=f"Talk {n}",
                follow_up_on=today,
                **where,
            )
            for state in ("open", "answered"):
                facts = {"asked_on": day, "due_on": today, "channel": "visit", "number": f"RQ-{n}", "matters": ["roads"]}
                own(g.GovernanceRequest, state=state, answered_on=today if state == "answered" else None, **facts, **where)
            record = c.ServiceRecord(
                kind="case", item="D2.1", catalogue_version="2021.1", happened_on=day, head_count=9, case_id=case.id, **place,
                worker_id=where["worker_id"],
            )  # fmt: skip
            record.belongs_to(case)
            session.add(record)
            session.flush()
            more = g.GovernanceDelivery(record_id=record.id, partner_ids=[str(partner.id)], parties=["worker"])
            more.belongs_to(record)
            session.add(more)
        project = g.GovernanceProject(case_id=case.id, name="Room", survey_id=survey.id, created_at=clock.now())
        project.belongs_to(case)
        session.add(project)
        session.flush()
        return {"case": case.id}


@pytest.mark.parametrize(("who", "url", "most"), PAGES, ids=[f"{who} {url}" for who, url, _most in PAGES])
def test_a_page_sends_as_many_for_two_as_for_sixty(sqlite_engine, statements, who, url, most):
    counts = []
    for size in (2, 60):
        sqlite_engine.fresh()
        ids = fill(sqlite_engine, size)
        browser = Browser(sqlite_engine, who)
        browser.get(url.format(**ids))
        with statements() as sent:
            browser.get(url.format(**ids))
        counts.append(len([one for one in sent if one.lstrip().upper().startswith("SELECT")]))
    assert counts[0] == counts[1] <= most, counts
