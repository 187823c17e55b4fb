"""A poor family for tests: Wang with his wife and son, the son on file as a minor, a grown daughter who left, and their case."""

from datetime import date
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details.assistance import AidBenefit, AidRequest, AssistanceDetail, MeansSection, MeansSheet
from caseapp.models.details.assistance.means import SECTIONS
from tests import rows

DAY = date(2026, 9, 1)


def family(engine: Any, station: str = "Riverside", worker: str = "bo", **case: Any) -> dict[str, UUID]:
    """Ids of the household, its people and an assistance case about Wang; `case` are columns of the case."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        key, user = uuid7(), cast.users[worker]
        home = c.Household(
            id=key,
            file_id=key,
            station_id=cast.places[station],
            station_path=cast.paths[station],
            klass="P2",
            household_no=f"H-{key.hex[-6:]}",
            name="王家",
            name_key="wangjia",
            residence_code="222403101201",
            created_at=clock.now(),
        )
        session.add(home)
        session.flush()
        facts = {"worker_id": user, "household_id": home.id}
        wang = rows.client(session, cast, station, "王大山", sex="1", birth_on=date(1975, 5, 1), **facts)
        son = rows.client(session, cast, station, "王小山", sex="1", birth_on=date(2013, 5, 1), klass="minor", **facts)
        found = {"household": home.id, "client": wang.id, "minor": son.id}
        for place, (relation, more) in enumerate(
            (
                ("head", {"client_id": wang.id}),
                ("wife", {"name": "李梅", "sex": "2", "birth_year": 1978}),
                ("son", {"client_id": son.id}),
                ("daughter", {"name": "王花", "sex": "2", "birth_year": 1998, "lives_here": False}),
            )
        ):
            member = c.HouseholdMember(
                household_id=home.id, position=place, relation_to_head=relation, created_at=clock.now(), **more
            )
            member.belongs_to(son if relation == "son" else home)
            session.add(member)
            session.flush()
            found[relation] = member.id
        values = {"domain": "assistance", "risk_reason": "ill", "found_on": date(2026, 8, 1), **case}
        row = rows.case(session, wang, user, **values)
        found["case"] = row.id
        return found


def detail(engine: Any, case_id: UUID, **values: Any) -> None:
    """The typed part of a case."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        row = AssistanceDetail(case_id=case_id, created_at=clock.now(), **{"matter": "apply", **values})
        row.belongs_to(session.get(c.Case, case_id))
        row.needs = "what is missing"
        session.add(row)


def lay(engine: Any, found: dict[str, UUID]) -> dict[str, UUID]:
    """A begun sheet, an application and a benefit of the case: ids by the names that routes give them."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        case = session.get(c.Case, found["case"])
        whose = {"case_id": case.id, "household_id": found["household"], "client_id": case.client_id, "created_at": clock.now()}
        sheet = MeansSheet(number=1, state="draft", staff=[{}], **whose)
        request = AidRequest(aid="dibao", papers_wanted=["application"], papers_ready=[], **whose)
        benefit = AidBenefit(aid="tekun", from_on=DAY, recheck_on=DAY, **whose)
        for row in (sheet, request, benefit):
            row.belongs_to(case)
        benefit.amount, benefit.per = 70000, "month"
        session.add_all([sheet, request, benefit])
        session.flush()
        for name in SECTIONS:
            section = MeansSection(sheet_id=sheet.id, section=name, created_at=clock.now())
            section.belongs_to(case)
            section.content = []
            session.add(section)
        return {"case_id": case.id, "sheet_id": sheet.id, "request_id": request.id, "benefit_id": benefit.id}
