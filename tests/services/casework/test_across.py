"""The same number at two stations: who is asked, who answers, who is told, and that nobody else learns anything from it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, NotFound
from caseapp.core.identity_numbers import check_digit
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.trust import AuditEntry
from caseapp.queries.casework import clients
from caseapp.queries.casework.clients import across as queries
from caseapp.queries.casework.clients.indexes import document_index
from caseapp.schemas.casework.client.duplicates import AnswerMatch
from caseapp.schemas.casework.consent import RecordConsentSchema
from caseapp.services.casework import consents
from caseapp.services.casework.clients import matches
from tests import rows

NUMBER = "22240319450302122" + check_digit("22240319450302122")
SCOPES = ["service", "other_stations"]
TOLD = "The number was compared with other stations. Whether there is anything to settle only your head reads"


def paper(session, person, number=NUMBER, kind="111"):
    """A document of a person."""
    row = c.IdentityDocument(client_id=person.id, kind=kind, number_index=document_index(kind, number), created_at=clock.now())
    row.number = number
    row.belongs_to(person)
    session.add(row)


def ground(session, person, basis="consent", **more):
    """A consent of a person."""
    row = c.Consent(client_id=person.id, basis=basis, text_version="1", language="zh", scopes=["service"], **more)
    row.signer, row.signed_on, row.created_at = "self", date(2026, 1, 5), clock.now()
    row.belongs_to(person)
    session.add(row)


@pytest.fixture
def two(engine):
    """Wang at Riverside and the same human at Hillside, both with the number; at Hillside with a consent."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        here = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"])
        there = rows.client(session, cast, "Hillside", "Wang Shuhua", worker_id=cast.users["eve"])
        for person in (here, there):
            paper(session, person)
        ground(session, there)
        return {"here": here.id, "there": there.id}


def change(model, key, **values):
    """Something becomes of a row behind everybody's back."""
    db.session.rollback()
    with system_session("rows", write=True) as session:
        row = session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)


def saved(actor, key, basis="consent", scopes=SCOPES):
    """A ground is recorded, as a form or call would."""
    given = {"basis": basis, "signed_on": clock.today().isoformat(), "paper_place": "cabinet 2"}
    command = RecordConsentSchema().load(given | ({"scopes": scopes} if basis == "consent" else {}))
    row = consents.record(command, clients.one(key), actor)
    db.session.commit()
    return row.asked_across


def left(model=c.StationMatch):
    """Rows of a kind at all stations."""
    db.session.rollback()
    with system_session("rows") as session:
        found = list(session.scalars(select(model).order_by(model.id)))
        session.expunge_all()
    return found


def told():
    """The events of look-ups: (what, where, about whom)."""
    db.session.rollback()
    with system_session("trail") as session:
        query = (
            select(AuditEntry).where(AuditEntry.event.in_(("client.found_across", "consent.recorded"))).order_by(AuditEntry.id)
        )
        return [(row.event, row.station_path, row.people, row.changes) for row in session.scalars(query)]


def test_both_heads_are_told_of_their_own_person_and_nobody_else(as_, two, cast):
    assert saved(as_("bo"), two["here"]) == "asked"
    here, there = left()
    assert {here.client_id, there.client_id} == {two["here"], two["there"]} and here.pair_id == there.pair_id
    assert {row.kind: row.for_role for row in left(c.Task)} == {"other_station": "station_head"}
    for name, key, other in (("ann", "here", "Hillside"), ("hal", "there", "Riverside")):
        as_(name)
        [(match, client)] = queries.open_to_answer()
        assert client.id == two[key]
        known = queries.others([match])[match.other_station_id]
        assert known.station.startswith(other)
        assert known.heads == (("Hal",) if other == "Hillside" else ("Ann",))
        assert [task.client_id for task in db.session.scalars(select(c.Task))] == [two[key]]
    for name in ("bo", "ben", "eve", "far", "fay", "chen", "tao", "cora", "pia", "sam", "dee"):
        as_(name)
        assert queries.open_to_answer() == []
        assert db.session.scalar(select(func.count()).select_from(c.Task)) == 0
        for match in (here, there):
            with pytest.raises(NotFound):
                queries.one(match.id)


def test_the_trail_of_both_sides_has_it(as_, two, cast):
    saved(as_("bo"), two["here"])
    (theirs, there, people, _), (mine, here, _, changes) = sorted(told())
    assert (theirs, there, people) == ("client.found_across", cast.paths["Hillside"], two["there"].bytes)
    assert (mine, here) == ("consent.recorded", cast.paths["Riverside"])
    assert "client.looked_across" in changes["events"]
    assert str(two["there"]) not in str(changes), "the own side's entry names nothing of the other"


@pytest.mark.parametrize("klass", ["client", "case", "tag"])
@pytest.mark.parametrize("side", ["here", "there"])
def test_a_restricted_file_on_either_side_answers_nothing_and_leaves_nothing(as_, two, cast, engine, side, klass):
    with system_session("rows", write=True) as session:
        person = session.get_one(c.Client, two[side])
        if klass == "client":
            person.klass = "P3"
            rows.assigned(session, person, cast.users["bo"])
        elif klass == "case":
            rows.case(session, person, person.worker_id, klass="P3")
        else:
            case = rows.case(session, person, person.worker_id, status="closed")
            tag = c.TargetTag(client_id=person.id, case_id=case.id, code="AF01", from_on=date(2026, 1, 1), created_at=clock.now())
            tag.belongs_to(case)
            tag.klass = "P3"
            session.add(tag)
    answer = saved(as_("bo"), two["here"])
    assert answer == ("asked" if side == "there" else None), "of the other side's nothing can be told"
    assert left() == [] and left(c.Task) == []
    assert [event for event, *_ in told()] == ["consent.recorded"]


def test_a_file_that_becomes_restricted_later_falls_silent(as_, two):
    saved(as_("bo"), two["here"])
    as_("ann")
    key = queries.open_to_answer()[0][0].id
    assert queries.one(key)
    change(c.Client, two["there"], klass="P3")
    as_("ann")
    assert queries.open_to_answer() == []
    with pytest.raises(NotFound):
        queries.one(key)


def test_without_a_ground_nobody_is_asked(as_, two):
    bo = as_("bo")
    assert saved(bo, two["here"], scopes=["service"]) is None
    assert left() == []
    assert saved(as_("bo"), two["here"], basis="statutory") == "asked"
    assert len(left()) == 2


@pytest.mark.parametrize("why", ["withdrawn", "ended", "dead", "voided", "other number"])
def test_who_does_not_answer(as_, two, why):
    with system_session("rows", write=True) as session:
        there = session.get_one(c.Client, two["there"])
        consent = session.scalars(select(c.Consent).where(c.Consent.client_id == there.id)).one()
        document = session.scalars(select(c.IdentityDocument).where(c.IdentityDocument.client_id == there.id)).one()
        if why == "withdrawn":
            consent.withdrawn_on = date(2026, 2, 1)
        elif why == "ended":
            there.state = "ended"
        elif why == "dead":
            there.deceased_on = date(2026, 2, 1)
        elif why == "voided":
            document.voided_at = clock.now()
        else:
            document.number_index = b"0" * 16
    assert saved(as_("bo"), two["here"]) == "asked", "the words are the same"
    assert left() == []


def test_another_paper_or_nobody_on_file_is_not_asked_after(as_, two):
    with system_session("rows", write=True) as session:
        document = session.scalars(select(c.IdentityDocument).where(c.IdentityDocument.client_id == two["here"])).one()
        document.kind = "414"
    assert saved(as_("bo"), two["here"]) is None
    assert left() == []


def test_a_pair_is_told_once_and_twenty_a_day_is_the_end(as_, two):
    assert [saved(as_("bo"), two["here"]) for _n in range(21)] == ["asked"] * 20 + ["limit"]
    assert len(left()) == 2 and len(left(c.Task)) == 2
    assert saved(as_("ann"), two["here"]) == "asked", "the limit is one user's"
    assert saved(as_("eve"), two["there"]) == "asked", "asked from the other side: the same pair"
    assert len(left()) == 2


def test_the_heads_answer_each_for_the_own_side(as_, two):
    saved(as_("bo"), two["here"])
    ann = as_("ann")
    [(match, client)] = queries.open_to_answer()
    with pytest.raises(Conflict):
        matches.answer(AnswerMatch("linked", match.version + 1), match, client, ann)
    matches.answer(AnswerMatch("linked", match.version), match, client, ann)
    db.session.commit()
    assert queries.open_to_answer() == [] and len(queries.open_to_answer(done=True)) == 1
    assert db.session.scalars(select(c.Task.state)).all() == ["done"]
    hal = as_("hal")
    [(theirs, person)] = queries.open_to_answer()
    assert (theirs.state, theirs.other_state) == ("open", "linked")
    matches.answer(AnswerMatch("moved", theirs.version), theirs, person, hal)
    db.session.commit()
    assert clients.one(two["there"]).state == "ended"
    as_("ann")
    [(match, _client)] = queries.open_to_answer(done=True)
    assert (match.state, match.other_state) == ("linked", "moved")
    with pytest.raises(Forbidden):
        matches.answer(AnswerMatch("linked", 1), match, client, as_("bo"))


def test_moving_away_waits_for_open_cases(as_, two, cast):
    saved(as_("bo"), two["here"])
    with system_session("rows", write=True) as session:
        rows.case(session, session.get_one(c.Client, two["here"]), cast.users["bo"])
    ann = as_("ann")
    [(match, client)] = queries.open_to_answer()
    with pytest.raises(Conflict):
        matches.answer(AnswerMatch("moved", match.version), match, client, ann)


def test_pages_and_calls_tell_whoever_saves_always_the_same(engine, two, web):
    bo, ann, eve = web("bo"), web("ann"), web("eve")
    form = {"basis": "consent", "signed_on": clock.today().isoformat(), "paper_place": "c", "scopes": SCOPES, "channel": "paper"}
    found = bo.post(f"/clients/{two['here']}/consents/new", form)
    assert TOLD in found.words
    with engine.app.app_context(), system_session("rows", write=True) as session:
        lone = rows.client(session, engine.cast, "Riverside", "Lone", worker_id=engine.cast.users["bo"])
        paper(session, lone, "22240319500101122" + check_digit("22240319500101122"))
        key = lone.id
    nothing = bo.post(f"/clients/{key}/consents/new", form)
    assert TOLD in nothing.words
    assert "other station" not in bo.get(f"/clients/{two['here']}").words
    body = {k: v for k, v in form.items() if k != "channel"}
    for person in (two["here"], key):
        answer = bo.api("POST", f"/clients/{person}/consents", body, 201).json
        assert answer["asked_across"] == "asked"
    assert bo.client.get("/duplicates").status_code == 403
    assert "Wang" not in eve.get("/").words.replace("Wang Shuhua", "")
    page = ann.get("/duplicates")
    assert "Wang" in page.words and "Hillside station" in page.words
    assert "number is on file at another station" in ann.get("/").words
    link = next(a["href"] for a in page.soup.select("a[href*='/duplicates/stations/']"))
    shown = ann.get(link)
    assert "Hal" in shown.words and "Shuhua" not in shown.text
    wrong = ann.post(link, {"version": "1"}, status=422)
    assert "fill this in" in wrong.words
    done = ann.post(link, {"version": "1", "state": "linked"})
    assert "No other station waits for your answer" in done.words
    assert web("hal").client.get(link).status_code == 404
