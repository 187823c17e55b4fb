"""Referrals inside a station and what follows a change of class: by the services, as a page or a call would ask them."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from caseapp import domains
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.domains.elderly import DOMAIN
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.details.elderly import ElderlyDetail
from caseapp.queries.casework import referrals as queries
from caseapp.schemas.casework.case import Restrict
from caseapp.schemas.casework.consent import WithdrawConsent
from caseapp.schemas.casework.referral.answer import Accept, LetGo, SendReferral, Tell
from caseapp.schemas.casework.referral.write import WriteReferral
from caseapp.services.casework import assessments, consents
from caseapp.services.casework.cases import restrict as restricting
from caseapp.services.casework.referrals import answer, let_go, write
from tests import answers
from tests.services.casework.course import Course


@pytest.fixture
def two_domains(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second domain, with the machinery of the first."""
    other = replace(DOMAIN, code="affairs", number="AF", detail=ElderlyDetail, intake=())
    monkeypatch.setattr(domains, "REGISTRY", (DOMAIN, other))


@pytest.fixture
def serving(as_: Any, cast: Any) -> Course:
    """Wang with an open case."""
    course = Course.of(as_, cast).open()
    course.consent()
    return course


def wish(**more: Any) -> WriteReferral:
    """Inside the station, unless said otherwise."""
    given = {
        "kind": "domain",
        "reason": "low income",
        "basis": "consent",
        "signed_on": clock.today(),
        "paper_place": "box",
        **more,
    }
    return WriteReferral(**({"to_domain": "affairs"} if given["kind"] == "domain" else {}) | given)


def sent(course: Course, as_: Any, by: str = "bo", **more: Any) -> Any:
    actor = as_(by)
    row = write.draft(wish(**more), course.case, actor)
    key = write.send(SendReferral(row.version), row, actor).id
    db.session.commit()
    return key


def test_to_another_domain_a_colleague_opens_the_case_for_the_same_person(serving: Course, two_domains: None, as_: Any) -> None:
    key = sent(serving, as_)
    sender = as_("bo")
    with pytest.raises(Forbidden):
        answer.accept(Accept(2), queries.one(key), sender)
    actor = as_("ben")
    row = answer.accept(Accept(queries.one(key).version), queries.one(key), actor)
    held = db.session.get_one(c.Case, row.to_case_id)
    assert (held.domain, held.client_id, held.source, held.worker_id) == ("affairs", serving.client_id, "referral", actor.user_id)
    assert row.to_client_id == serving.client_id
    assert len(list(db.session.scalars(select(c.Client)))) == 1


def test_a_domain_of_its_own_or_unknown_is_refused(serving: Course, two_domains: None, as_: Any) -> None:
    for code in ("elderly", "children"):
        actor = as_("bo")
        with pytest.raises(Invalid):
            write.draft(wish(to_domain=code), serving.case, actor)


def test_a_second_one_to_the_same_receiver_waits_for_the_first(serving: Course, two_domains: None, as_: Any) -> None:
    sent(serving, as_)
    with pytest.raises(Conflict) as refused:
        sent(serving, as_)
    assert refused.value.code == "already_sent"


def test_restricting_the_case_shuts_its_referrals_with_it(serving: Course, as_: Any, cast: Any) -> None:
    there = {"kind": "station", "to_station_id": cast.places["Hillside"], "to_domain": "elderly"}
    key = sent(serving, as_, **there)
    as_("eve")
    assert queries.packet_of(queries.one(key)) is not None
    actor = as_("bo")
    restricting.restrict(Restrict("violence", serving.case.version), serving.case, actor)
    db.session.commit()
    as_("eve")
    assert db.session.scalar(select(c.Referral)) is None and db.session.scalar(select(c.ReferralPacket)) is None
    as_("hal")
    assert queries.packet_of(queries.one(key)) is not None


def test_a_restricted_result_in_an_ordinary_file_stays_at_home(serving: Course, as_: Any, cast: Any) -> None:
    """PHQ-9 with its ninth item is P3 in whatever file: the packet carries the elderly assessment and not a word of it."""
    actor = as_("bo")
    for command in (answers.command("phq9", y9=1), answers.command("gbt42195")):
        assessments.record(command, serving.case, actor)
    db.session.commit()
    there = {"kind": "station", "to_station_id": cast.places["Hillside"], "to_domain": "elderly"}
    key = sent(serving, as_, sections=("person", "risk", "assessments"), **there)
    as_("eve")
    sections = queries.packet_of(queries.one(key)).content["sections"]
    assert [result["instrument"] for result in sections["assessments"]] == ["gbt42195"]
    assert "phq9" not in str(sections)


def test_consent_taken_back_stops_the_sending_but_a_duty_does_not(serving: Course, as_: Any, cast: Any) -> None:
    actor = as_("bo")
    held = db.session.scalars(select(c.Consent)).one()
    consents.withdraw(WithdrawConsent(clock.today(), held.version), held, serving.client, actor)
    db.session.commit()
    there = {"kind": "station", "to_station_id": cast.places["Hillside"]}
    with pytest.raises(Conflict) as refused:
        sent(serving, as_, **there)
    assert refused.value.code == "consent_withdrawn"
    db.session.rollback()
    sent(serving, as_, **there, basis="statutory")


def test_an_emergency_leaves_the_promise_to_tell(serving: Course, as_: Any, cast: Any) -> None:
    sent(serving, as_, kind="station", to_station_id=cast.places["Hillside"], basis="emergency")
    as_("bo")
    assert "notify_later" in set(db.session.scalars(select(c.Task.kind)))


def test_the_case_goes_only_after_it_was_taken_in(serving: Course, as_: Any, cast: Any) -> None:
    key = sent(serving, as_, kind="station", to_station_id=cast.places["Hillside"], to_domain="elderly", case_goes=True)
    sender = as_("bo")
    with pytest.raises(Conflict):
        let_go.let_go(LetGo(queries.one(key).version), queries.one(key), sender)
    head = as_("hal")
    answer.accept(Accept(queries.one(key).version), queries.one(key), head)
    db.session.commit()
    actor = as_("bo")
    case = let_go.let_go(LetGo(queries.one(key).version), queries.one(key), actor)
    assert (case.status, case.closing_reason, queries.one(key).case_to_go) == ("referred_out", "referred", False)
    with pytest.raises(Conflict):
        let_go.let_go(LetGo(queries.one(key).version), queries.one(key), actor)


def test_notes_of_the_sender_close_with_the_packet(serving: Course, as_: Any, cast: Any) -> None:
    key = sent(serving, as_, kind="station", to_station_id=cast.places["Hillside"])
    sender = as_("bo")
    write.chase(Tell(queries.one(key).version, "please"), queries.one(key), sender)
    db.session.commit()
    as_("eve")
    assert [note.text for note in queries.notes(queries.one(key))] == ["please"]
    sender = as_("bo")
    write.revoke(Tell(queries.one(key).version, "no longer"), queries.one(key), sender)
    db.session.commit()
    as_("eve")
    assert [note.text for note in queries.notes(queries.one(key))] == ["no longer"]
