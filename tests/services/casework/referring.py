"""Referrals for tests: Wang of Riverside with a case in service, a body that would do, and who does the next thing."""

from typing import Any

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit
from caseapp.models import casework as c
from caseapp.queries.casework.clients.indexes import document_index
from tests import rows

NUMBER = "22240319450302122" + check_digit("22240319450302122")  # of an invented person


def laid(
    engine: Any, station: str = "Riverside", worker: str = "bo", klass: str = "P2", name: str = "王淑华", **more: Any
) -> c.Case:
    """A case in service of somebody with a document and a phone."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        held = "P2" if klass == "P3" else klass
        person = rows.client(session, engine.cast, station, name, klass=held, worker_id=engine.cast.users[worker], **more)
        document = c.IdentityDocument(
            client_id=person.id, kind="111", number_index=document_index("111", NUMBER), created_at=clock.now()
        )
        document.number = NUMBER
        document.belongs_to(person)
        session.add(document)
        case = rows.case(
            session, person, engine.cast.users[worker], status="serving", risk="orange", risk_reason="lives alone", klass=klass
        )
        session.flush()
        session.expunge(case)
        return case


def outside_body(engine: Any, station: str = "Riverside") -> c.OutsideBody:
    """A hospital in the register of a station."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        row = c.OutsideBody(
            organisation_id=engine.cast.places[station],
            path=engine.cast.paths[station],
            kind="hospital",
            name="县医院",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.expunge(row)
        return row


def body(engine: Any, **more: Any) -> dict[str, Any]:
    """A referral to Hillside as the API takes it."""
    return {
        "kind": "station",
        "to_station_id": str(engine.cast.places["Hillside"]),
        "to_domain": "elderly",
        "reason": "搬到女儿家",
        "need": "有人每周看望",
        "sections": ["person", "document", "contacts", "situation", "risk", "assessments", "plan", "visits", "papers"],
        "basis": "consent",
        "signed_on": clock.today().isoformat(),
        "paper_place": "柜三",
        **more,
    }
