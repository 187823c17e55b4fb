"""A restricted file in an emergency: by its exact number, for hours, seen at once by the head and the auditor, told in the trail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import trust as t
from tests.laid import lay

WHY = {"reason": "danger", "note": "neighbours heard cries, the worker is on leave"}
ADDRESS = "/clients/emergency"


@pytest.fixture
def laid(engine: Any) -> Any:
    return lay(engine)


def numbers(engine: Any, laid: Any) -> dict[str, str]:
    """The numbers of the restricted person and case, of an ordinary person, and of one at another station."""
    with engine.app.app_context(), system_session("look") as session:
        of = {place: session.get_one(c.Client, laid[place].ids["client_id"]) for place in ("restricted", "Riverside", "Hillside")}
        found = {place: row.file_no for place, row in of.items()}
        query = select(c.Case.case_no).where(c.Case.client_id == of["restricted"].id, c.Case.klass == "P3").order_by(c.Case.id)
        return {**found, "case": session.scalars(query).first()}


def test_it_opens_by_the_exact_number_is_told_and_closes_by_itself(web: Any, engine: Any, laid: Any) -> None:
    held, file = numbers(engine, laid), f"/clients/{laid['restricted'].ids['client_id']}"
    ben, ann = web("ben"), web("ann")
    ben.get(file, 404)
    assert "4 hours" in ben.get(ADDRESS).words
    opened = ben.post(ADDRESS, {**WHY, "number": held["restricted"]}, 303)
    assert opened.headers["Location"] == file
    ben.get(file)
    assert "opened this restricted file in an emergency" in ann.get("/").words
    assert "in an emergency: somebody is in danger" in ann.get(f"{file}/enrolments").words.lower()
    dee = web("dee")
    assert "restricted file opened in an emergency" in dee.get("/").words
    with engine.app.app_context(), system_session("look") as session:
        mine = select(t.AuditEntry).where(t.AuditEntry.user_id == engine.cast.users["ben"]).order_by(t.AuditEntry.at)
        told = [(entry.event, entry.reason) for entry in session.scalars(mine)]
    assert ("glass.broken", "danger") in told
    assert told[-1] == ("client.opened", "danger")
    with time_machine.travel(clock.now() + timedelta(hours=4, minutes=1), tick=True):
        web("ben").get(file, 404)


def test_nothing_is_listed_or_confirmed(web: Any, engine: Any, laid: Any) -> None:
    held, said = numbers(engine, laid), set()
    ben = web("ben")
    for number in (held["Riverside"], held["Hillside"], held["restricted"][:-1], "%", "no-such-number"):
        page = ben.post(ADDRESS, {**WHY, "number": number}, 422)
        said.add(page.soup.select_one(".field.wrong .error").get_text())
    assert len(said) == 1
    ben.post(ADDRESS, {"number": held["restricted"]}, 422)  # not without a reason
    ben.post(ADDRESS, {**WHY, "number": "once more"}, 422)
    ben.post(ADDRESS, {**WHY, "number": held["restricted"]}, 429)
    for name in ("chen", "tao", "cora", "sam", "sec", "dee", "ann"):
        web(name).get(ADDRESS, 403)
    with engine.app.app_context(), system_session("look") as session:
        assert session.scalars(select(t.FileAccess).where(t.FileAccess.kind == "glass")).all() == []


def test_a_case_opens_with_the_person_it_is_about(web: Any, engine: Any, laid: Any) -> None:
    ben = web("ben")
    to = ben.post(ADDRESS, {**WHY, "number": numbers(engine, laid)["case"]}, 303).headers["Location"]
    ben.get(to)
