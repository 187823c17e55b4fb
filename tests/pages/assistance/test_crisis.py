"""A crisis met in a poor family: the instruments for it are at hand in the file of assistance, and what they find stays shut."""

from sqlalchemy import select

from caseapp import domains
from caseapp.access.system import system_session
from caseapp.models import casework as c
from tests import poor
from tests.answers import fields


def test_a_crisis_in_the_file_of_a_poor_family(engine, web):
    """Asked from the file's tab; the head and the responsible worker see the result and the promise, a colleague neither."""
    found = poor.family(engine)
    poor.detail(engine, found["case"])
    case, bo, ann, ben = f"/assistance/cases/{found['case']}", web("bo"), web("ann"), web("ben")
    assert domains.get("assistance").offered, "what is for a crisis is offered without instruments of the domain's own"
    assert f"{case}/assessments" in bo.get(case).text
    address = f"{case}/assessments/suicide_risk/new"
    assert address in bo.get(f"{case}/assessments").text
    page = bo.get(address)
    page = bo.post(address, page.form() | fields("suicide_risk", ideation=2, plan=2, means=1) | {"finish": "1"})
    assert "Suicide" in page.words and f"{case}/urgent" in page.text
    assert "Suicide" in ann.get(case).words
    for url in (case, f"{case}/history", f"{case}/print", f"{case}/means", f"{case}/aid"):
        assert "uicide" not in ben.get(url).words, url
    assert page.address not in ben.get(f"{case}/assessments").text
    ben.get(page.address, status=404)
    with engine.app.app_context(), system_session("look") as session:
        tasks = session.scalars(select(c.Task).where(c.Task.case_id == found["case"])).all()
        assert tasks and {task.klass for task in tasks} == {"P3"}
        assert session.get(c.Case, found["case"]).holds_restricted


def test_a_case_about_a_household_has_nobody_to_ask(engine, web):
    """Answers are a person's: the tab is not offered, and the form answers with a sentence, not with an error."""
    found = poor.family(engine)
    poor.detail(engine, found["case"])
    with engine.app.app_context(), system_session("rows", write=True) as session:
        row = session.get(c.Case, found["case"])
        row.client_id, row.household_id = None, found["household"]
    case, bo = f"/assistance/cases/{found['case']}", web("bo")
    assert f"{case}/assessments" not in bo.get(case).text
    address = f"{case}/assessments/suicide_risk/new"
    page = bo.get(address)
    bo.post(address, page.form() | fields("suicide_risk") | {"finish": "1"}, status=409)
