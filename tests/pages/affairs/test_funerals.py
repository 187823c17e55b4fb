"""Talks about funerals: without a case, about a person, in a case; they count as consultations and are taken back with them."""

from datetime import timedelta
from typing import Any

from uuid_utils.compat import uuid7

from caseapp import reference
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from tests import rows
from tests.pages.affairs.story import one, opened, rows_of, send

NEW = "/affairs/funerals/new"


def test_a_talk_with_somebody_who_is_not_on_file(engine: Any, web: Any) -> None:
    bo = web("bo")
    page = send(bo, NEW, 422, subsidies=["insurance"], note="问办手续")
    assert "Say which kind" in page.words and "问办手续" in page.text
    page = send(bo, NEW, kind="FN02", subsidies=["insurance", "eco"], relation="son", minutes="20", note="问办手续")
    assert "somebody not on file" in page.words and "funeral grant of the insurance" in page.words.lower()
    row, record = one(engine, m.FuneralAdvice), one(engine, c.ServiceRecord)
    assert (row.klass, row.client_id, row.record_id) == ("P1", None, record.id)
    assert (record.kind, record.item, record.topic, record.minutes) == ("consultation", "E2.3", "funeral", 20)
    assert "only somebody on file" in send(bo, NEW, 422, kind="FN02", grief="y").words.lower()

    web("ben").get(f"/affairs/funerals/{row.id}/void")
    send(web("ben"), f"/affairs/funerals/{row.id}/void", 403, reason="不是我记的")
    web("eve").get(f"/affairs/funerals/{row.id}/void", status=404)
    page = send(bo, f"/affairs/funerals/{row.id}/void", reason="记重了")
    assert "does not count" in page.words
    assert one(engine, c.ServiceRecord).voided_at is not None, "the record it left counts no more either"
    send(bo, f"/affairs/funerals/{row.id}/void", 409, reason="再来一次")


def test_grief_is_followed_up_where_it_is_wanted(engine: Any, web: Any, person: Any) -> None:
    bo, today = web("bo"), clock.today()
    send(bo, f"{NEW}?client={person}", kind="FN03", grief="y", note="夜里睡不着")
    promise = one(engine, c.Task, c.Task.kind == "grief")
    assert (promise.due_on, promise.client_id, promise.user_id) == (today + timedelta(days=30), person, engine.cast.users["bo"])
    case = opened(bo, person, "funeral", "FN03")
    page = send(bo, f"{NEW}?case={case.rsplit('/', 1)[1]}", kind="FN03", note="说到丧事从简")
    assert "说到丧事从简" in page.words
    assert [row.case_id is not None for row in rows_of(engine, m.FuneralAdvice)] == [False, True]
    other = opened(bo, person, "family", "MF01")
    bo.get(f"{NEW}?case={other.rsplit('/', 1)[1]}", status=404)
    bo.get(f"{NEW}?case=x", status=404)
    web("eve").get(f"{NEW}?client={person}", status=404)


def test_who_may_see_and_write(web: Any) -> None:
    for name, seen, written in (("ben", 200, 200), ("eve", 200, 200), ("chen", 200, 403), ("cora", 403, 403), ("dee", 403, 403)):
        web(name).get("/affairs/funerals", status=seen)
        web(name).get(NEW, status=written)


def test_the_list_asks_the_same_however_long(engine: Any, web: Any, statements: Any) -> None:
    bo, cast, today = web("bo"), engine.cast, clock.today()

    def more(count: int) -> None:
        with engine.app.app_context(), system_session("rows", write=True) as session:
            for n in range(count):
                client = rows.client(session, cast, "Riverside", f"家属{n:03}", worker_id=cast.users["bo"])
                shared = {
                    "station_id": client.station_id,
                    "client_id": client.id,
                    "happened_on": today,
                    "worker_id": cast.users["bo"],
                }
                version = reference.catalogue().version
                record = c.ServiceRecord(
                    id=uuid7(), kind="consultation", item="E2.3", catalogue_version=version, created_at=clock.now(), **shared
                )
                record.belongs_to(client)
                session.add(record)
                session.flush()
                talk = m.FuneralAdvice(record_id=record.id, kind="FN02", created_at=clock.now(), **shared)
                talk.belongs_to(client)
                session.add(talk)

    def count() -> int:
        bo.get("/affairs/funerals")
        with statements() as sent:
            bo.get("/affairs/funerals")
        return len(sent)

    more(1)
    few = count()
    more(200)
    assert count() == few <= 12
    page = bo.get("/affairs/funerals")
    assert len(page.soup.select("table tbody tr, ul.work li")) <= 100
    assert page.soup.select_one('a[href*="cursor="]'), "the rest is a page further"
