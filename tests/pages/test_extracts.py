"""The pages of an extract: a wizard that shows risk and loss before anything is made, two persons, a file with its log."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.adapters import queue
from caseapp.core import clock
from caseapp.models.statistics import StatExtract
from caseapp.models.trust import Job
from caseapp.services.statistics.extract import orders
from caseapp.services.trust import jobs
from tests.cast import PASSWORD
from tests.services.statistics.closed import closed


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_from_the_order_to_the_end(engine: Any, cast: Any, web: Any) -> None:
    year = clock.today().year - 1
    with engine.app.app_context(), system_session("a world", write=True) as session:
        closed(session, cast, year, 1060, elsewhere=0)
    pia, pat = web("pia"), web("pat")
    page = pia.get("/statistics/extracts/new")
    form = page.form("/extracts/new")
    assert "at least 5 persons in each class" in page.words
    empty = pia.post("/statistics/extracts/new", {**form, "file_days": "900", "purpose": ""}, status=422)
    assert "Not weighed" in empty.words and "Please fill this in." in empty.words
    wish = {
        "years": [str(year)],
        "recipient": "inside",
        "recipient_name": "Statistics office",
        "purpose": "A study",
        "file_days": "30",
    }
    wish |= {"attributes": ["sex", "closed"], "sensitive": ["domain", "risk"]}
    page = pia.post("/statistics/extracts/new", {**form, **wish})
    assert "Weighed; nothing is made yet" in page.words and "of what would be made" in page.words
    assert "1,060 closed cases" in page.words and "Kept of what it tells" in page.words and "de-identified" in page.words
    address = page.soup.select_one("form[action$=make]")["action"].removesuffix("/make")
    made = pia.post(f"{address}/make", page.form("/make"))
    assert "Waits for a second person" in made.words and "measured on the finished file" in made.words
    assert not made.soup.select("form[action$=approve]"), "who made it is not offered to hand it out"
    pia.post(f"{address}/approve", {**page.form("/make"), "password": PASSWORD}, status=403)
    seen = pat.get(address)
    wrong = pat.post(f"{address}/approve", {**seen.form("/approve"), "password": "not this one"}, status=422)
    assert "This is not your present password." in wrong.words
    out = pat.post(f"{address}/approve", {**wrong.form("/approve"), "password": PASSWORD})
    assert "Nobody has fetched it." in out.words
    bare = pia.post(f"{address}/file", {**pia.get(address).form("/file"), "purpose": ""}, status=422)
    assert "Not fetched" in bare.words
    sent = pia.client.post(f"{address}/file", data={**bare.form("/file"), "purpose": "for the office"}, headers=pia.headers)
    assert sent.headers["Content-Type"] == "application/zip" and sent.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(sent.data)) as held:
        assert held.namelist() == ["cases.csv", "dictionary.csv", "README.txt"]
        assert held.read("cases.csv").count(b"\r\n") > 1000
        assert "去标识化" in held.read("README.txt").decode("utf-8-sig")
    assert "for the office" in pat.get(address).words
    assert [item["state"] for item in pat.api("GET", "/api/v1/statistics/extracts").json["items"]] == ["approved"]
    gone = pat.post(f"{address}/withdraw", {**pat.get(address).form("/withdraw"), "words": "sent to the wrong office"})
    assert "Withdrawn" in gone.words and "for the office" in gone.words and not gone.soup.select("form[action$=file]")
    for name in ("cora", "cyr", "ann", "sam", "dee"):
        web(name).get(address, status=403)
        web(name).get("/statistics/extracts", status=403)
    assert "Extracts of closed cases" not in web("cora").get("/statistics/releases").words


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_worker_weighs_says_how_far_it_is_and_stops_when_asked(engine: Any, cast: Any, web: Any, monkeypatch: Any) -> None:
    year, pia = clock.today().year - 1, web("pia")
    with engine.app.app_context(), system_session("a world", write=True) as session:
        closed(session, cast, year, 1060, elsewhere=0)
    monkeypatch.setattr(queue, "_immediate", False)

    def ordered() -> tuple[str, UUID]:
        form = pia.get("/statistics/extracts/new").form("/extracts/new")
        wish = {"years": [str(year)], "recipient": "inside", "recipient_name": "Office", "purpose": "A study", "file_days": "30"}
        page = pia.post("/statistics/extracts/new", {**form, **wish, "attributes": ["sex", "closed"], "sensitive": ["domain"]})
        assert "being weighed" in page.words.lower() and not page.soup.select("form[action$=make]")
        with engine.app.app_context(), system_session("test") as session:
            number = select(StatExtract.job_id).order_by(StatExtract.number.desc()).limit(1)
            return page.address, session.scalars(number).one()

    def worked(job_id: UUID, look: Any) -> str:
        def carry(extract_id: UUID, say: Any) -> None:
            orders.carry_out_weighing(
                extract_id, lambda percent, step: (say(percent, step), beside.submit(look, percent).result())[0]
            )

        with engine.app.app_context(), ThreadPoolExecutor(1) as beside:  # whoever looks is in another process, or thread
            jobs.work(job_id, {orders.WEIGH: carry})
            with system_session("test") as session:
                return str(session.get_one(Job, job_id).state)

    address, job_id = ordered()
    seen: list[tuple[int, str]] = []

    def looks(percent: int) -> None:
        seen.append((percent, pia.client.get(address, headers={**pia.headers, "X-Fragment": "1"}).text))

    assert worked(job_id, looks) == "done" and len(seen) > 1 and seen == sorted(seen)
    assert [percent for percent, text in seen if f"{percent} %" not in text] == []
    assert "Weighed; nothing is made yet" in pia.get(address).words
    address, job_id = ordered()

    def stops(_percent: int) -> None:
        if "Taken back" not in (page := pia.get(address)).words:
            pia.post(f"{address}/cancel", {**page.form("/cancel"), "words": "not needed"})

    assert worked(job_id, stops) == "cancelled"
    assert "Taken back" in pia.get(address).words


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_cannot_be_made_says_why(engine: Any, cast: Any, web: Any) -> None:
    pia, year = web("pia"), clock.today().year - 1
    form = pia.get("/statistics/extracts/new").form("/extracts/new")
    wish = {
        "years": [str(year)],
        "recipient": "outside",
        "recipient_name": "A university",
        "purpose": "A study",
        "file_days": "30",
    }
    page = pia.post("/statistics/extracts/new", {**form, **wish, "sensitive": ["risk"]})
    assert "Cannot be made" in page.words and "There are 0 closed cases, and 1000 are needed." in page.words
    assert not page.soup.select("form[action$=make]")
