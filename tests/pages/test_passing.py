"""Pages of what passes between colleagues: handovers, leaving, absences, one act for several; stale, twice, by others, at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from tests import rows
from tests.api.test_at_once import at_once
from tests.laid import people


@pytest.fixture
def laid(engine):
    """Five ordinary persons of Bo's, one with a case and a promise; a child and a restricted one; Eve's at Hillside."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        found = {f"p{n}": rows.client(session, cast, "Riverside", f"Wang {n}", worker_id=bo) for n in range(5)}
        case = rows.case(session, found["p0"], bo)
        rows.task(session, case, "follow_up", bo)
        family = people.household(session, cast, found["p4"])  # the promise of a household's case is about nobody on file
        home = rows.case(session, found["p4"], bo, client_id=None, household_id=family["household_id"])
        rows.task(session, home, "reassess", bo)
        found["minor"] = rows.client(session, cast, "Riverside", "Child", worker_id=bo, klass="minor")
        found["closed"] = rows.client(session, cast, "Riverside", "Closed", worker_id=bo, klass="P3")
        found["bens"] = rows.client(session, cast, "Riverside", "Bens", worker_id=cast.users["ben"])
        found["other"] = rows.client(session, cast, "Hillside", "Stranger", worker_id=cast.users["eve"])
        return {name: row.id for name, row in found.items()} | {"case": case.id}


def owner(engine, key):
    with engine.app.app_context(), system_session("look") as session:
        row = session.get(c.Client, key) or session.get_one(c.Case, key)
        return next(name for name, user in engine.cast.users.items() if user == row.worker_id)


def ticked(browser, act, *people):
    return browser.post("/clients/several", {"person": [str(key) for key in people], "act": act})


# ---- handing over


def test_offered_on_a_page_and_taken_over_on_another(engine, laid, web):
    bo, ben = web("bo"), web("ben")
    new = bo.get(f"/handovers/new?client={laid['p0']}")
    assert "Wang 0" in new.words and "1 promise goes along" in new.words
    data = new.form() | {"to_id": str(engine.cast.users["ben"]), "reason": "Nearer to the village"}
    assert "Choose somebody" in bo.post(new.url, data | {"to_id": ""}, status=422).words
    sent = bo.post(new.url, data)
    assert "you stay responsible" in sent.words and "2 files" in sent.words
    again = bo.post(new.url, data)
    assert again.address == sent.address, "sent twice is one handover"
    assert "2 files wait for Ben" in bo.get("/").words
    assert "Bo hands 2 files over to you" in ben.get("/").words
    assert owner(engine, laid["p0"]) == "bo"
    shown = ben.get(sent.address)
    assert "Nearer to the village" in shown.words and "Wang 0" in shown.words
    assert "Say why" in ben.post(sent.address, shown.form() | {"decline": "1"}, status=422).words
    taken = ben.post(sent.address, shown.form())
    assert "you are responsible now" in taken.words
    assert owner(engine, laid["p0"]) == owner(engine, laid["case"]) == "ben"
    stale = ben.client.post(sent.address, data=shown.form() | {"op_id": "", "csrf_token": ben.csrf()})
    assert stale.status_code == 409


@pytest.mark.parametrize("name", ["eve", "hal", "chen", "tao", "cora", "sam", "dee"])
def test_nobody_else_meets_a_handover(engine, laid, web, name):
    bo = web("bo")
    new = bo.get(f"/handovers/new?client={laid['p0']}")
    sent = bo.post(new.url, new.form() | {"to_id": str(engine.cast.users["ben"]), "reason": "x"})
    for url in (sent.address, f"{sent.address}/withdraw", f"{sent.address}/undo"):
        assert web(name).client.get(url).status_code in (403, 404)
    answer = web(name).client.get(f"/handovers/new?client={laid['p0']}")
    assert answer.status_code in (403, 404)


def test_the_head_orders_and_takes_it_back(engine, laid, web):
    ann = web("ann")
    new = ann.get(f"/handovers/new?client={laid['p0']}")
    done = ann.post(new.url, new.form() | {"to_id": str(engine.cast.users["ben"]), "reason": "x"})
    assert owner(engine, laid["p0"]) == owner(engine, laid["case"]) == "ben"
    assert "given by the head" in web("ben").get("/").words
    undone = ann.post(f"{done.address}/undo", ann.get(f"{done.address}/undo").form())
    assert "2 files went back" in undone.words and owner(engine, laid["case"]) == "bo"
    assert "taken back already" in ann.get(f"{done.address}/undo").words


def test_two_heads_at_once_move_a_file_once(engine, laid, web):
    with engine.app.app_context(), system_session("a second head", write=True) as session:
        cast = engine.cast
        grant = o.Grant(user_id=cast.users["ned"], role="station_head", organisation_id=cast.places["Riverside"], state="active")
        grant.from_on, grant.reason, grant.proposed_at = clock.today(), "x", clock.now()
        session.add(grant)
        session.flush()
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=grant.organisation_id, path=cast.paths["Riverside"]))
        cast.grants["ned"] = grant.id
    try:
        both = [web(name) for name in ("ann", "ned")]
        forms = []
        for browser in both:
            page = browser.get(f"/team/{engine.cast.users['bo']}/leave")
            forms.append(page.form() | {"to_id": str(engine.cast.users["ben"]), "reason": "x", "csrf_token": browser.csrf()})
        url = f"/team/{engine.cast.users['bo']}/leave"
        answers = at_once(*[lambda b=b, f=f: b.client.post(url, data=f) for b, f in zip(both, forms, strict=True)])
        assert sorted(answer.status_code for answer in answers) in ([302, 409], [302, 503])
        with engine.app.app_context(), system_session("look") as session:
            assert len(session.scalars(select(c.Handover)).all()) == 1
    finally:
        engine.cast.grants.pop("ned")


# ---- leaving and absences


def test_the_head_is_told_and_moves_everything(engine, laid, web):
    ann = web("ann")
    assert "Nobody does this any more" not in ann.get("/").words
    with engine.app.app_context(), system_session("role ends", write=True) as session:
        session.get_one(o.Grant, engine.cast.grants["bo"]).state = "ended"
    assert "Nobody does this any more" in ann.get("/").words and "Nobody does this any more" in ann.get("/team").words
    page = ann.get(f"/team/{engine.cast.users['bo']}/leave")
    assert "Wang 0" in page.words and "Closed" in page.words
    wrong = ann.post(page.url, page.form() | {"to_id": str(engine.cast.users["eve"]), "reason": "x"}, status=422)
    assert "does not work at this station" in wrong.words
    done = ann.post(page.url, page.form() | {"to_id": str(engine.cast.users["ben"]), "reason": "Has left"})
    assert "things were handed over" in done.words
    assert {owner(engine, laid[name]) for name in ("p0", "p4", "case", "minor", "closed")} == {"ben"}
    assert "Nobody does this any more" not in ann.get("/").words
    assert "Nothing is open in this name" in ann.get(page.url).words
    assert web("hal").client.get(page.url).status_code == 404
    assert web("ben").client.get(page.url).status_code == 403


def test_an_absence_from_the_first_day_to_the_last(engine, laid, web):
    ann, ben = web("ann"), web("ben")
    url = f"/team/{engine.cast.users['bo']}/cover"
    page = ann.get(url)
    day = (clock.today() + timedelta(days=3)).isoformat()
    data = page.form() | {"cover_id": str(engine.cast.users["ben"]), "to_on": day, "reason": "leave"}
    assert "last day lies before" in ann.post(url, data | {"to_on": "2020-01-01"}, status=422).words
    assert ben.client.get(f"/clients/{laid['minor']}").status_code == 302, "asks for a purpose"
    ann.post(url, data)
    today = ben.get("/")
    assert "You stand in for Bo until" in today.words and "Restricted files stay closed" in today.words
    assert "Child" in ben.get(f"/clients/{laid['minor']}").words
    assert ben.client.get(f"/clients/{laid['closed']}").status_code == 404
    assert "Wang 0" in ben.get("/handovers/new").words
    shown = ann.get(f"/team/{engine.cast.users['bo']}")
    assert "Ben stands in" in shown.words and "absent until" in ann.get("/team").words
    ended = ann.post(*posted(shown, "/end"))
    assert "The absence is over" in ended.words
    assert ben.client.get(f"/clients/{laid['minor']}").status_code == 302
    for name, status in (("bo", 403), ("hal", 404), ("tao", 403), ("chen", 403)):
        assert web(name).client.get(url).status_code == status, name


def posted(page, part):
    """Address and fields of one of several forms."""
    form = next(form for form in page.soup.select("form[method=post]") if part in (form.get("action") or ""))
    return form["action"], {tag["name"]: tag.get("value", "") for tag in form.select("input[name]")}


# ---- one act for several


def confirmed(browser, page, **more):
    """Fills the form of an act in, and says yes to what is shown."""
    url, _fields = posted(page, "/clients/several/")
    shown = browser.post(url, form_fields(page) | more, status=200)
    return shown, url


def form_fields(page):
    form = next(form for form in page.soup.select("form[method=post]") if "/clients/several/" in (form.get("action") or ""))
    found = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        kind = tag.get("type")
        if kind in ("checkbox", "radio") and not tag.has_attr("checked"):
            continue
        if tag.name == "select":
            chosen = tag.select_one("option[selected]")
            found[tag["name"]] = chosen["value"] if chosen else ""
        elif tag.name == "textarea":
            found[tag["name"]] = tag.text.strip()
        elif kind == "checkbox" and tag["name"] == "persons":
            found.setdefault("persons", []).append(tag["value"])
        else:
            found[tag["name"]] = tag.get("value", "")
    return found


def test_assigned_after_a_look_and_taken_back(engine, laid, web):
    ann = web("ann")
    page = ticked(ann, "assign", laid["p0"], laid["p1"], laid["bens"], laid["other"])
    assert "Stranger" not in page.words and "3 persons" in page.words
    to = {"worker_id": str(engine.cast.users["ben"]), "reason": "Other village"}
    shown, url = confirmed(ann, page, **to)
    assert "2 persons change" in shown.words and "Bens : is this worker's already" in shown.words
    assert owner(engine, laid["p0"]) == "bo", "nothing before the yes"
    done = ann.post(url, form_fields(shown))
    assert "take it back within a week" in done.words
    assert {owner(engine, laid[name]) for name in ("p0", "p1", "case")} == {"ben"}
    again = ann.post(url, form_fields(shown))
    assert again.address == done.address
    undone = ann.post(f"{done.address}/undo", ann.get(f"{done.address}/undo").form())
    assert "3 files went back" in undone.words
    assert {owner(engine, laid[name]) for name in ("p0", "p1", "case")} == {"bo"}


def test_a_stale_page_changes_nobody(engine, laid, web):
    ann = web("ann")
    page = ticked(ann, "assign", laid["p0"], laid["p1"])
    shown, url = confirmed(ann, page, worker_id=str(engine.cast.users["ben"]), reason="x")
    with engine.app.app_context(), system_session("meanwhile", write=True) as session:
        session.get_one(c.Client, laid["p1"]).risk = "red"
    late = ann.post(url, form_fields(shown), status=409)
    assert "Wang 1 : changed meanwhile" in late.words and "not what you looked at" in late.words
    assert owner(engine, laid["p0"]) == "bo"
    other = ann.post(url, form_fields(shown) | {"worker_id": str(engine.cast.users["ann"])}, status=409)
    assert "not what you looked at" in other.words, "what is said of them is part of what was shown"


def test_a_group_for_ones_own(engine, laid, web):
    bo = web("bo")
    page = ticked(bo, "tag", laid["p0"], laid["bens"], laid["closed"], laid["minor"])
    shown, url = confirmed(bo, page, code="EL02", status="confirmed", from_on=clock.today().isoformat())
    assert "Bens : somebody else is responsible" in shown.words and "3 persons change" in shown.words
    done = bo.post(url, form_fields(shown))
    assert "Added for 3 persons" in done.words
    with engine.app.app_context(), system_session("look") as session:
        assert len(session.scalars(select(c.TargetTag).where(c.TargetTag.code == "EL02")).all()) == 3
    ben = web("ben")
    page = ticked(ben, "tag", laid["closed"], laid["bens"], laid["minor"])
    assert "Closed" not in page.words and "2 persons" in page.words
    shown, url = confirmed(ben, page, code="EL02", status="confirmed", from_on=clock.today().isoformat())
    assert "Child : somebody else is responsible" in shown.words and "1 person changes" in shown.words


def test_stays_end_together_but_for_who_has_a_case(engine, laid, web):
    ann = web("ann")
    page = ticked(ann, "end", laid["p0"], laid["p1"], laid["p2"])
    assert "died" not in [option.text for option in page.soup.select("label")]
    shown, url = confirmed(ann, page, reason="moved", to_on=clock.today().isoformat())
    assert "Wang 0 : has an open case" in shown.words and "2 persons change" in shown.words
    done = ann.post(url, form_fields(shown))
    assert "2 stays on file have ended" in done.words
    with engine.app.app_context(), system_session("look") as session:
        states = {row.name: row.state for row in session.scalars(select(c.Client))}
    assert (states["Wang 0"], states["Wang 1"], states["Wang 2"]) == ("on_file", "ended", "ended")
    forged = ann.post(url, form_fields(shown) | {"reason": "deceased", "op_id": ""}, status=422)
    assert "Choose one of the answers" in forged.words


@pytest.mark.parametrize("act", ["assign", "end"])
def test_a_worker_does_not_assign_or_end_many(engine, laid, web, act):
    bo = web("bo")
    assert "Only the head does this" in ticked(bo, act, laid["p0"]).words
    assert bo.client.post(f"/clients/several/{act}", data={"csrf_token": bo.csrf()}).status_code == 403


def test_ticks_that_are_no_ticks(engine, laid, web):
    ann, cast = web("ann"), engine.cast
    assert "Tick at least one person" in ticked(ann, "assign").words
    assert "Tick at least one person" in ticked(ann, "assign", laid["other"]).words
    assert "At most 40 persons" in ticked(ann, "assign", *[laid["p0"]] * 41).words
    assert ann.post("/clients/several", {"person": ["no id"], "act": "assign"}).status == 200
    seen = f"{laid['other']}:1"
    facts = {"worker_id": str(cast.users["ben"]), "reason": "x", "persons": [seen, f"{laid['closed']}:1"]}
    shown = ann.post("/clients/several/assign", facts)
    assert "1 person changes" in shown.words and "Stranger" not in shown.words
    nobody = ann.post("/clients/several/assign", facts | {"persons": ["rubbish"]}, status=422)
    assert "Choose one of the answers" in nobody.words
    elsewhere = ann.post("/clients/several/assign", facts | {"worker_id": str(cast.users["eve"])}, status=422)
    assert "does not work at this station" in elsewhere.words


def test_ticked_persons_go_to_the_handover(engine, laid, web):
    bo = web("bo")
    page = ticked(bo, "hand_over", laid["p1"], laid["p2"], laid["bens"])
    assert page.address == "/handovers/new" and "Wang 1" in page.words and "Bens" not in page.words
    assert 'name="person"' in bo.get("/clients").text
    assert 'name="person"' not in web("tao").get("/clients").text
