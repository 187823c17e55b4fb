"""A planted person: every page and call of a worker that shows the name is in the trail, and nothing private ever stands in it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp import reference
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.trust import AuditEntry, AuditSeen
from caseapp.schemas.trust.trail import unpacked
from tests.pages.test_one_life import ask, assess, latest, number, plan_form, register, step

NAME, RELATIVE, CADRE = "欧阳探微", "欧阳守拙", "村官田某"
CARD = number("22240319450302122")
PRIVATE = (  # what no entry of the trail may hold in clear
    NAME, RELATIVE, CADRE, CARD, "13800002206", "13900001111", "柳树胡同七号", "炉子夜里冒烟", "怕再摔一次", "独居又跌倒", "夜里起身不稳",
    "安全地在家生活", "室内外行走不摔跤", "不摔跤", "目标要能看见", "走得稳些", "铁皮柜一层", "田家的电话", "每月初三去看她",
)  # fmt: skip
VILLAGE = "222403101201"


@pytest.fixture
def planted(engine: Any, web: Any) -> dict[str, list[Any]]:
    """A person of Bo's with everything that can hang on one; ids by the names that addresses use."""
    bo, chen = web("bo"), web("chen")
    register(bo, name=NAME, emergency_name=RELATIVE, address="柳树胡同七号", note="每月初三去看她")
    client = first(engine, c.Client)
    at = f"/clients/{client.id}"
    form = bo.get(f"/visits/new?client={client.id}").form()
    bo.post(f"/visits/new?client={client.id}", form | {"outcome": "done", "note": "炉子夜里冒烟"})
    form = bo.get(f"{at}/consents/new").form()
    bo.post(f"{at}/consents/new", form | {"basis": "consent", "scopes": ["service", "sensitive"], "paper_place": "铁皮柜一层"})
    url = f"/households/new?client={client.id}"
    bo.post(url, bo.get(url).form() | {"name": "一户人家", "address": "柳树胡同七号"})
    url = f"/villages/contacts/new?village={VILLAGE}"
    bo.post(url, bo.get(url).form() | {"role": "cadre", "name": CADRE, "phone": "13900001111", "note": "田家的电话"})
    url = f"/elderly/cases/new?client={client.id}"
    bo.post(url, bo.get(url).form() | {"source": "visit", "risk": "orange", "risk_reason": "独居又跌倒", "request": "怕再摔一次"})
    case = first(engine, c.Case)
    base = f"/elderly/cases/{case.id}"
    step(bo, base, "accept")
    bo.post(f"{base}/edit", bo.get(f"{base}/edit").form() | {"needs": "夜里起身不稳", "lives_alone": "true"})
    assess(bo, base)
    step(bo, base, "plan")
    bo.post(f"{base}/plan/edit", plan_form(bo, base))
    ask(bo, base, "plan")
    review = latest(engine, case.id, "plan")
    chen.post(f"/reviews/{review.id}", {"version": "1", "return": "1", "text": "目标要能看见"})
    bo.post(f"{base}/plan/edit", bo.get(f"{base}/plan/edit").form() | {"goals-0-target": "不摔跤"})
    ask(bo, base, "plan")
    form = bo.get(f"/visits/new?client={client.id}&case={case.id}").form()
    later = {"next_on": (clock.today() + timedelta(days=3)).isoformat()}
    bo.post(f"/visits/new?client={client.id}&case={case.id}", form | {"outcome": "done", "note": "走得稳些"} | later)
    return ids(engine)


def first(engine: Any, model: Any) -> Any:
    with engine.app.app_context(), system_session("look") as session:
        row = session.scalars(select(model)).first()
        session.expunge(row)
        return row


def ids(engine: Any) -> dict[str, list[Any]]:
    models = {
        "client_id": c.Client, "case_id": c.Case, "visit_id": c.Visit, "household_id": c.Household, "assessment_id": c.Assessment,
        "plan_id": c.Plan, "goal_id": c.Goal, "review_id": c.Review, "consent_id": c.Consent, "member_id": c.HouseholdMember,
        "contact_id": c.VillageContact, "task_id": c.Task,
    }  # fmt: skip
    with engine.app.app_context(), system_session("ids") as session:
        found = {name: list(session.scalars(select(model.id))) for name, model in models.items()}
        found["file_id"] = found["client_id"]
        found["part_id"] = [*session.scalars(select(c.Contact.id)), *session.scalars(select(c.TargetTag.id))]
    return found


def test_what_is_asked_for_with_a_post_is_told_too(engine: Any, web: Any, planted: dict[str, list[Any]]) -> None:
    """Searches, revealing, a form that comes back with its faults, the person sent back by the API."""
    bo, client_id = web("bo"), planted["client_id"][0]
    with engine.app.app_context(), system_session("look") as session:
        version = session.get(c.Client, client_id).version
    at = f"/clients/{client_id}"
    calls = (
        ("clients.search", lambda: bo.post("/clients/search", {"q": NAME}), None),
        ("clients.search", lambda: bo.post("/clients/search", {"q": CARD}), None),
        ("api_clients.find", lambda: bo.api("POST", "/clients/search", {"q": NAME}, 200), None),
        ("clients.duplicates_fragment", lambda: bo.post("/clients/duplicates", {"name": NAME, "birth": "1945-03-02"}), None),
        ("clients.reveal", lambda: bo.post(f"{at}/reveal/address"), ["address"]),
        ("clients.edit", lambda: bo.post(f"{at}/edit", bo.get(f"{at}/edit").form() | {"birth": "9999"}, 422), None),
        ("api_clients.change", lambda: bo.api("PATCH", f"/clients/{client_id}", {"name": NAME, "version": version}, 200), None),
        ("audit.file", lambda: web("ann").get(f"/audit/files/{client_id}"), "none"),
    )
    for endpoint, call, fields in calls:
        before = newest(engine)
        call()
        told = [entry for entry in since(engine, before) if entry.endpoint == endpoint]
        assert told, endpoint
        if fields == "none":
            continue
        assert client_id in {file_id for entry in told for file_id in unpacked(entry.people)}, endpoint
        if fields:
            assert [entry.fields for entry in told] == [fields]


def test_nothing_private_ever_stands_in_the_trail(engine: Any, web: Any, planted: dict[str, list[Any]]) -> None:
    bo, client_id = web("bo"), planted["client_id"][0]
    at = f"/clients/{client_id}"
    bo.post("/clients/search", {"q": NAME})
    bo.post(f"{at}/edit", bo.get(f"{at}/edit").form() | {"name": f"{NAME}改", "note": "每月初三去看她，又改"})
    bo.client.get(f"/clients/{NAME}", headers=bo.headers)
    bo.client.post("/login", data={"csrf_token": bo.csrf(), "username": NAME, "password": CARD})
    with engine.app.app_context(), system_session("look") as session:
        entries = session.scalars(select(AuditEntry)).all()
        assert len(entries) > 40
        for entry in entries:
            text = str({name: value for name, value in vars(entry).items() if name not in ("people", "_sa_instance_state")})
            assert [word for word in PRIVATE if word in text] == [], (entry.event, text[:400])
        changed = [row for entry in entries if entry.changes for row in entry.changes["rows"]]
        codes = {tuple(row["fields"]["risk"]) for row in changed if row["table"] == "case" and "risk" in row["fields"]}
        digests = [row["fields"]["name"] for row in changed if row["table"] == "client" and "name" in row["fields"]]
        texts = [row["fields"]["note_enc"] for row in changed if "note_enc" in row["fields"]]
        assert (None, "orange") in codes or ("green", "orange") in codes  # P1: before and after
        assert len(set(digests)) == 2 and all(len(digest) == 12 for digest in digests)  # P2: a keyed digest
        assert texts and set(texts) == {None}  # free text: that it changed
        seen = session.scalars(select(AuditSeen).where(AuditSeen.file_id == client_id)).all()
        assert {row.user_id for row in seen} >= {engine.cast.users["bo"], engine.cast.users["chen"]}


def test_the_auditor_finds_the_file_by_its_number_and_reads_no_name(engine: Any, web: Any, planted: dict[str, list[Any]]) -> None:
    client = first(engine, c.Client)
    dee = web("dee")
    page = dee.get(f"/audit?file_no={client.file_no}")
    links = [tag["href"] for tag in page.soup.select("th a[href*='/audit/entries/']")]
    assert len(links) > 20
    pages = [page, *(dee.get(link) for link in links[:15]), dee.get(f"/audit/files/{client.id}")]
    body = dee.api("GET", f"/audit?file_no={client.file_no}&limit=200", status=200)
    assert all(str(client.id) in item["people"] for item in body.json["items"])
    for text in [*(one.text for one in pages), body.get_data(as_text=True)]:
        assert [word for word in PRIVATE if word in text] == []
    assert client.file_no in pages[1].words
    for url in (f"/clients/{client.id}", "/clients", "/visits", "/households", "/reviews"):
        dee.get(url, 403)
    assert web("cora").client.get(f"/audit/files/{client.id}").status_code == 403
    web("hal").get(f"/audit/files/{client.id}", 404)


def newest(engine: Any) -> Any:
    with engine.app.app_context(), system_session("look") as session:
        return session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))


def since(engine: Any, entry_id: Any) -> list[Any]:
    with engine.app.app_context(), system_session("look") as session:
        found = list(session.scalars(select(AuditEntry).where(AuditEntry.id > entry_id).order_by(AuditEntry.id)))
        session.expunge_all()
        return found


def test_the_whole_life_reads_in_words(engine: Any, web: Any, planted: dict[str, list[Any]]) -> None:
    """Nothing that one life leaves behind shows as a bare code on the auditor's page, in either language."""
    known, pages = set(reference.codes("trail_event").codes()), set(reference.codes("trail_page").codes())
    with engine.app.app_context(), system_session("look") as session:
        found = session.execute(select(AuditEntry.event, AuditEntry.endpoint).distinct()).all()
    assert [row.event for row in found if row.event not in known and row.event != row.endpoint] == []
    assert {row.endpoint.partition(".")[0] for row in found if row.endpoint} <= pages | {"elderly"}
    words = web("dee", language="zh").get(f"/audit?file_no={first(engine, c.Client).file_no}").words
    assert "建档" in words and "client." not in words and "station_head" not in words
