"""Applications, benefits, urgent need and re-checks on pages; every address of the domain for every kind of stranger."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseapp.access.roles import ROLES
from caseapp.access.system import system_session
from caseapp.blueprints.http.guard import access_of
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details.assistance import AidBenefit, AidRequest
from tests import poor
from tests.cast import PEOPLE
from tests.page import Browser

TODAY = clock.today()


@pytest.fixture
def found(engine):
    """The family, its case with a typed part."""
    found = poor.family(engine)
    poor.detail(engine, found["case"])
    return found


def base(found):
    return f"/assistance/cases/{found['case']}"


def one(engine, model):
    with engine.app.app_context(), system_session("look") as session:
        row = session.scalars(select(model)).one()
        session.expunge(row)
        return row


def test_from_papers_to_the_answer_and_what_the_family_receives(engine, web, found):
    bo = web("bo")
    url = f"{base(found)}/applications/new"
    page = bo.post(url, bo.get(url).form() | {"aid": "dibao", "wish": "把书念完"})
    application = page.address
    assert "0/7" in page.words and "把书念完" in page.words
    bo.post(f"{application}/papers", page.form("papers") | {"papers_ready": ["application", "identity"]})
    assert "2/7" in bo.get(application).words
    page = bo.get(f"{application}/hand-in")
    assert "Not ticked yet" in page.words
    bo.post(f"{application}/hand-in", page.form(), status=422)
    bo.post(f"{application}/hand-in", page.form() | {"handed_in_to": "便民中心"})
    page = bo.get(f"{application}/answer")
    bo.post(f"{application}/answer", page.form() | {"answer": "refused", "authority": "county"}, status=422)
    given = {
        "answer": "given",
        "authority": "county",
        "paper_no": "2026-17",
        "amount": "440",
        "per": "month",
        "rhythm": "changeable",
    }
    words = bo.post(f"{application}/answer", page.form() | given).words
    assert "given by the authority" in words.lower() and "440 yuan a month" in words
    words = bo.get(base(found)).words
    assert "440 yuan a month" in words and "re-check by" in words
    words = bo.get(f"/assistance/family?client={found['client']}").words
    assert "Minimum living guarantee" in words and "2026-17" in words
    assert "Person on minimum living guarantee" in bo.get(f"/clients/{found['client']}").words
    assert "What the family receives" in bo.get(f"/clients/{found['client']}").words


def test_a_refusal_shows_the_way_on(web, found):
    bo = web("bo")
    url = f"{base(found)}/applications/new"
    application = bo.post(url, bo.get(url).form() | {"aid": "medical"}).address
    bo.post(f"{application}/hand-in", bo.get(f"{application}/hand-in").form() | {"handed_in_to": "office"})
    no = {"answer": "refused", "authority": "county", "reason": "名下有车"}
    page = bo.post(f"{application}/answer", bo.get(f"{application}/answer").form() | no)
    assert "administrative reconsideration" in page.words and "名下有车" in page.words
    page = bo.post(f"{application}/appeal", bo.get(f"{application}/appeal").form() | {"note": "再申请"})
    assert "The family was told on" in page.words
    void = next(tag["href"] for tag in page.soup.select("main a") if "/void" in tag["href"])
    page = bo.post(void, bo.get(void).form() | {"reason": "别家的"})
    assert "does not count" in page.words.lower() and "handed in" in page.words.lower()


def test_two_editors_of_one_application(web, found):
    bo, ben = web("bo"), web("ben")
    url = f"{base(found)}/applications/new"
    application = bo.post(url, bo.get(url).form() | {"aid": "medical", "wish": "a"}).address
    mine, theirs = bo.get(f"{application}/edit").form(), ben.get(f"{application}/edit").form()
    ben.post(f"{application}/edit", theirs | {"wish": "by ben"})
    page = bo.post(f"{application}/edit", mine | {"wish": "by bo"}, status=409)
    assert "by ben" in page.words and "by bo" in page.words


def test_an_urgent_need_from_the_door_to_the_township(engine, web, found):
    """Intake with something missing: red at the top, one form, told and asked for; no gate in the way."""
    bo = web("bo")
    poor_ = poor.family(engine)
    with engine.app.app_context(), system_session("close", write=True) as session:
        session.get(c.Case, poor_["case"]).status = "declined"
    url = f"/assistance/cases/new?client={poor_['client']}"
    data = {"source": "visit", "urgent_needs": ["heat", "medicine"], "hardships": ["illness"], "matter": "urgent"}
    page = bo.post(url, bo.get(url).form() | data)
    assert "missing today: heat, medicine or a doctor" in page.words.lower() and "Urgent need" in page.words
    assert "urgent need, today" in bo.get("/").words.lower()
    assert "urgent need, today" in web("ann").get("/").words.lower()
    case = page.address
    form = bo.get(f"{case}/urgent").form()
    assert form["needs"] == ["heat", "medicine"]
    page = bo.post(f"{case}/urgent", form | {"what": "半吨煤", "helped_by": "village", "ask_relief": "y"}, status=422)
    assert "Say whom in the township you told" in page.words
    done = form | {"what": "半吨煤", "helped_by": "village", "ask_relief": "y", "told_to": "民政办 王", "worth": "500"}
    page = bo.post(f"{case}/urgent", done)
    assert "/applications/" in page.address and "半吨煤" in page.words and "500 yuan" in page.words
    words = bo.get(case).words
    assert "Missing today" not in words and "papers of the temporary relief" in words.lower()
    assert one(engine, AidRequest).state == "handed_in"


def test_bad_input_at_intake_is_told_at_the_field(web, found, engine):
    bo = web("bo")
    poor_ = poor.family(engine)
    url = f"/assistance/cases/new?household={poor_['household']}"
    bad = {"source": "visit", "hardships": ["unlucky"], "hardship_since": "2099-01-01", "request": "煤没了"}
    page = bo.post(url, bo.get(url).form() | bad, status=422)
    assert "This day has not come yet" in page.words and "Choose one of the answers offered" in page.words
    assert page.form()["request"] == "煤没了"
    page = bo.post(url, bo.get(url).form() | {"source": "visit", "hardship_since": "2026-01-05"})
    assert "SA-" in page.words and "王家" in page.words


def test_the_months_rechecks(web, found, engine):
    bo = web("bo")
    url = f"{base(found)}/benefits/new"
    old = (TODAY - timedelta(days=380)).isoformat()
    bo.post(url, bo.get(url).form() | {"aid": "dibao", "from_on": old, "rhythm": "stable", "amount": "400", "per": "month"})
    page = bo.get("/assistance/rechecks")
    assert "王大山" in page.words and "late" in page.words
    assert "王大山" not in web("ben").get("/assistance/rechecks?whose=me").words
    assert "No re-check is due" in web("eve").get("/assistance/rechecks").words
    for odd in ("?month=2026-13", "?month=x", "?month=0001-01", "?cursor=abc"):
        assert bo.client.get(f"/assistance/rechecks{odd}", headers=bo.headers).status_code in (200, 422)
    page = bo.get(f"{base(found)}/aid")
    page = bo.post(f"{base(found)}/benefits/{one(engine, AidBenefit).id}/recheck")
    assert "re-check" in page.words.lower()
    assert "Re-checks due" in bo.get("/assistance/cases").words
    assert "re-check of an aid" in bo.get("/").words.lower()


def test_the_list_of_rechecks_costs_the_same_for_one_and_many(sqlite, statements):
    bo, counts = Browser(sqlite, "bo"), []
    for many in (1, 24):
        for _n in range(many):
            poor.lay(sqlite, poor.family(sqlite))
        bo.get("/assistance/rechecks")
        with statements() as sent:
            page = bo.get("/assistance/rechecks")
        counts.append(len(sent))
        assert "王大山" in page.words
    assert counts[0] == counts[1] <= 14, counts


FILES = sorted({name for name, (role, _places) in PEOPLE.items() if role and ROLES[role].group == "files"})


def routes(app):
    """Every rule of the domain that names a case, but for what only a head may: that door is shut before a case is looked for."""
    named = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("assistance.") and "case_id" in rule.arguments]
    may = ROLES[PEOPLE["bo"][0]].permissions
    with app.app_context():
        return [rule for rule in named if set(access_of(rule.endpoint).permissions) & set(may)]


def address(app, rule, ids):
    """The rule with the laid ids; what it names beyond them is nobody's."""
    from uuid import uuid4

    words = {"section": "income", "name": "plan", "instrument": "x"}
    values = {name: ids.get(name) or words.get(name) or uuid4() for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


@pytest.mark.parametrize("station", ["Hillside", "Faraway"])
def test_every_address_of_another_station_is_not_found(sqlite, station):
    """With real rows there: sheet, application, benefit; by every verb; and without the permission it is 403."""
    worker = {"Hillside": "eve", "Faraway": "far"}[station]
    ids = poor.lay(sqlite, poor.family(sqlite, station, worker))
    own = poor.lay(sqlite, poor.family(sqlite))
    bo, tao, faults = Browser(sqlite, "bo"), Browser(sqlite, "tao"), []
    for rule in routes(sqlite.app):
        with sqlite.app.app_context():
            access = access_of(rule.endpoint)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            url = address(sqlite.app, rule, ids)
            data = {"csrf_token": bo.csrf()} if method == "POST" else None
            status = bo.client.open(url, method=method, data=data, headers=bo.headers).status_code
            if status != 404:
                faults.append(f"bo {method} {rule.endpoint} of {station}: {status}")
            may = any(permission in ROLES["township_supervisor"].permissions for permission in access.permissions)
            data = {"csrf_token": tao.csrf()} if method == "POST" else None
            status = tao.client.open(address(sqlite.app, rule, own), method=method, data=data, headers=tao.headers).status_code
            if not may and status != 403:
                faults.append(f"tao {method} {rule.endpoint}: {status}, not 403")
    assert faults == []


RESTRICTED = {"assistance.named", "assistance.new_tag"}  # pages of a restricted or a minor's file only


def test_every_page_of_the_own_case_answers(sqlite):
    """With real rows every GET is a page (or a refusal that says why), never an error."""
    ids = poor.lay(sqlite, poor.family(sqlite))
    bo, faults = Browser(sqlite, "bo"), []
    for rule in routes(sqlite.app):
        if "GET" not in rule.methods or rule.arguments - set(ids) - {"section"} or rule.endpoint in RESTRICTED:
            continue
        status = bo.client.get(address(sqlite.app, rule, ids), headers=bo.headers).status_code
        if status not in (200, 302, 409):
            faults.append(f"{rule.endpoint}: {status}")
    assert faults == []


def test_the_same_numbers_of_one_case_under_another_are_not_found(sqlite):
    """A sheet, an application or a benefit is found under its own case only (a benefit under its own family's)."""
    ids, other = poor.lay(sqlite, poor.family(sqlite)), poor.lay(sqlite, poor.family(sqlite))
    bo, faults = Browser(sqlite, "bo"), []
    for rule in routes(sqlite.app):
        if "GET" not in rule.methods or not rule.arguments & {"sheet_id", "request_id", "benefit_id"}:
            continue
        url = address(sqlite.app, rule, {**ids, "case_id": other["case_id"]})
        status = bo.client.get(url, headers=bo.headers).status_code
        if status != 404:
            faults.append(f"{rule.endpoint}: {status}")
    assert faults == []
