"""Residents' requests: promised, handed on, answered, late on Today, worked on as a case; closed to strangers and to readers' pens."""

from caseapp.access.system import system_session
from caseapp.models.casework import Case
from caseapp.models.details.governance import GovernanceRequest
from tests import rows
from tests.pages.governance.story import EAST, day, request, row


def test_from_the_street_lamp_to_the_answer(engine, web):
    bo, ann = web("bo"), web("ann")
    url = request(bo)
    stored = row(engine, GovernanceRequest)
    assert stored.number.startswith("RQ-") and stored.klass == "P2" and b"13800007777" not in stored.contact_enc
    page = bo.get(url)
    assert "13800007777" in page.words and "路灯坏了三个月" in page.words
    assert "13800007777" not in web("chen").get(url).words, "who only reads does not see how to answer"
    bo.post(
        f"{url}/hand-on", bo.get(f"{url}/hand-on").form() | {"handed_to": "bureau", "handed_note": "供电所", "due_on": day(3)}
    )
    assert "供电所" in bo.get(url).words and "Handed on" in bo.get("/governance/requests").words
    assert stored.number in bo.get("/").words, "what is promised within a week stands on Today"
    form = bo.get(f"{url}/answer").form() | {"answer": "供电所周三来修", "outcome": "solved", "answered_how": "phone"}
    assert "not asked back yet" in bo.post(f"{url}/answer", form).words
    assert stored.number not in bo.get("/governance/requests").words and stored.number not in bo.get("/").words
    assert "Mostly satisfied" in bo.post(f"{url}/answer", bo.get(f"{url}/answer").form() | {"satisfied": "partly"}).words
    ledger = ann.get("/governance/requests?state=answered")
    assert stored.number in ledger.words and "Answered this year 1" in ledger.words and "of 1 asked" in ledger.words
    paper = ann.get("/governance/requests/print?state=answered").words
    assert "Another authority" in paper and "13800007777" not in paper and "路灯" not in paper


def test_late_ones_reach_worker_and_head(engine, web):
    bo, ben, ann = web("bo"), web("ben"), web("ann")
    request(bo, asked_on=day(-20), due_on=day(-2))
    number = row(engine, GovernanceRequest).number
    assert f"{number} 2 days late" in bo.get("/").words
    assert number not in ben.get("/").words and number in ann.get("/").words
    assert number in ann.get("/?whose=me").words, "what others let become late reaches the head"
    assert number in ann.get("/governance/requests?state=late").words
    assert number not in bo.get(f"/governance/requests?worker={engine.cast.users['ben']}").words
    assert number not in bo.get("/governance/requests?village=222403101202").words


def test_bad_input_stands_at_its_field(engine, web):
    bo = web("bo")
    form = bo.get("/governance/requests/new").form()
    good = {"what": "路灯", "matters": ["facilities"], "division_code": EAST, "channel": "visit"}
    for wrong in (
        {"what": ""},
        {"matters": ["nothing"]},
        {"division_code": "222403102201"},
        {"division_code": ""},
        {"channel": "pigeon"},
        {"asked_on": day(1)},
        {"due_on": day(-1)},
        {"worker_id": str(engine.cast.users["eve"])},
        {"what": "路" * 2001},
        {"contact": "1" * 121},
    ):
        page = bo.post("/governance/requests/new", form | good | wrong, status=422)
        assert page.soup.select(".error"), wrong
    url = request(bo)
    answer = bo.get(f"{url}/answer").form() | {
        "answer": "好",
        "outcome": "solved",
        "answered_how": "phone",
        "answered_on": day(-1),
    }
    assert "before it was asked" in bo.post(f"{url}/answer", answer, status=422).words
    stale = bo.get(f"{url}/hand-on").form() | {"handed_to": "village"}
    bo.post(f"{url}/hand-on", stale)
    assert "changed this meanwhile" in bo.post(f"{url}/hand-on", stale | {"op_id": ""}, status=409).words


def test_one_of_a_person_lies_in_the_file(engine, web):
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"])
        child = rows.client(session, cast, "Riverside", "Child", worker_id=cast.users["ben"], klass="minor")
        key, minor = person.id, child.id
    bo, ben = web("bo"), web("ben")
    url = f"/governance/requests/new?client={key}"
    page = bo.get(url)
    assert "contact" not in page.names()
    given = {"what": "想办助餐卡", "matters": ["old_age"], "channel": "visit"}
    bo.post(url, page.form() | given)
    stored = row(engine, GovernanceRequest)
    assert (stored.client_id, stored.file_id, stored.klass) == (key, key, "P2")
    address = f"/governance/requests/{stored.id}"
    page = bo.post(f"{address}/case", bo.get(f"{address}/case").form() | {"about": "client"})
    case = row(engine, Case, Case.client_id == key)
    assert (case.domain, case.request, case.found_on) == ("governance", "想办助餐卡", stored.asked_on)
    assert case.case_no in bo.get(address).words and f"/governance/cases/{case.id}" == page.address
    assert "already" in bo.post(f"{address}/case", bo.get(f"{address}/case").form() | {"about": "client"}, status=409).words
    # of a child: only whoever may open the file
    url = f"/governance/requests/new?client={minor}"
    assert bo.client.get(url, headers=bo.headers).status_code in (302, 303, 403)
    ben.post(url, ben.get(url).form() | given)
    hidden = row(engine, GovernanceRequest, GovernanceRequest.client_id == minor)
    ben.get(f"/governance/requests/{hidden.id}")
    bo.get(f"/governance/requests/{hidden.id}", status=404)
    assert hidden.number not in bo.get("/governance/requests").words
    assert hidden.number in web("ann").get("/governance/requests").words


def test_it_becomes_a_case_about_the_village(engine, web):
    bo = web("bo")
    url = request(bo)
    page = bo.post(f"{url}/case", bo.get(f"{url}/case").form() | {"about": "community", "community_name": "北屯"})
    case = row(engine, Case, Case.community_name == "北屯")
    assert "路灯坏了三个月" in page.words and "Public facilities" in page.words and case.source == "village"
    other = request(bo)
    assert "Nobody on file" in bo.post(f"{other}/case", bo.get(f"{other}/case").form() | {"about": "client"}, status=422).words


def test_strangers_and_readers(engine, web):
    bo = web("bo")
    url = request(bo)
    for name in ("eve", "hal", "far"):
        other = web(name)
        for page in ("", "/answer", "/hand-on", "/case", "/void"):
            other.get(url + page, status=404)
            other.post(url + (page or "/answer"), {"version": "1"}, status=404)
        assert row(engine, GovernanceRequest).number not in other.get("/governance/requests").words
    for name in ("chen", "tao"):
        reader = web(name)
        assert "Record a request" not in reader.get("/governance/requests").words
        reader.get("/governance/requests/new", status=403)
        reader.post(f"{url}/answer", {"version": "1"}, status=403)
    for name in ("cora", "sam", "dee", "con"):
        web(name).get("/governance/requests", status=403)


def test_only_its_author_or_the_head_voids_it_once(engine, web):
    bo, ben, ann = web("bo"), web("ben"), web("ann")
    url = request(bo)
    ben.post(f"{url}/void", ben.get(f"{url}/void").form() | {"reason": "twice"}, status=403)
    form = bo.get(f"{url}/void").form()
    bo.post(f"{url}/void", form | {"reason": ""}, status=422)
    assert "Voided" in bo.post(f"{url}/void", form | {"reason": "written twice"}).words
    ann.post(f"{url}/void", ann.get(f"{url}/void").form() | {"reason": "again"}, status=409)
    bo.post(
        f"{url}/answer",
        bo.get(f"{url}/answer").form() | {"answer": "好", "outcome": "solved", "answered_how": "phone"},
        status=409,
    )
    number = row(engine, GovernanceRequest).number
    assert number in bo.get("/governance/requests?state=void").words and number not in bo.get("/governance/requests").words
