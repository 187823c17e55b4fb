"""Consents: who must sign, what an emergency leaves behind, taking back, and what a person did not want to give."""

from datetime import date, timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import RefusedItem, Task
from caseapp.queries.casework import clients
from caseapp.queries.casework import consents as queries
from caseapp.schemas.casework.consent import RecordConsentSchema, RefuseItem, WithdrawConsent
from caseapp.services.casework import consents as service
from tests import rows


def born(years_ago: int) -> date:
    """A birth date so many years and a day ago."""
    today = clock.today()
    return date(today.year - years_ago, today.month, 1) - timedelta(days=1)


@pytest.fixture
def people(engine):
    """Wang; Kid of 12, Teen of 15, Tot of 5, all Bo's; Sun of Hillside."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = {"worker_id": cast.users["bo"]}
        minors = {"tot": 5, "kid": 12, "teen": 15}
        found = {
            name: rows.client(session, cast, "Riverside", name, klass="minor", birth_on=born(age), **bo).id
            for name, age in minors.items()
        }
        found["wang"] = rows.client(session, cast, "Riverside", "Wang", **bo).id
        found["sun"] = rows.client(session, cast, "Hillside", "Sun").id
        return found


def signed(**more):
    """The command of a consent on paper, as a form or a call would give it."""
    given = {
        "basis": "consent",
        "signed_on": clock.today().isoformat(),
        "scopes": ["service", "sensitive"],
        "paper_place": "cabinet 2",
        **more,
    }
    return RecordConsentSchema().load(given)


GUARDIAN = {
    "signer": "guardian",
    "signer_name": "Li Hong",
    "signer_relation": "mother",
    "scopes": ["service", "minor_data"],
}


def test_a_consent_holds_until_it_is_taken_back(as_, people):
    bo = as_("bo")
    wang = clients.one(people["wang"])
    assert not queries.has_consent(wang.id)
    row = service.record(signed(), wang, bo)
    assert queries.has_consent(wang.id)
    assert (row.text_version, row.language, row.signer_name) == ("1", "zh", None)
    with pytest.raises(Invalid):
        service.withdraw(WithdrawConsent(clock.today() - timedelta(days=1), row.version), row, wang, bo)
    with pytest.raises(Conflict) as stale:
        service.withdraw(WithdrawConsent(clock.today(), row.version + 1), row, wang, bo)
    assert stale.value.code == "stale_version"
    service.withdraw(WithdrawConsent(clock.today(), row.version, "wrote to us"), row, wang, bo)
    assert not queries.has_consent(wang.id)
    with pytest.raises(Conflict):
        service.withdraw(WithdrawConsent(clock.today(), row.version), row, wang, bo)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
        ({"signed_on": "0001-01-01"}, "signed_on"),
        ({"signer": "guardian"}, "signer_name"),
        ({"paper_place": None}, "paper_place"),
        ({"paper_place": "x" * 121}, "paper_place"),
        ({"language": "fr"}, "language"),
        ({"basis": "because"}, "basis"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_is_refused_at_its_field(app, wrong, field):
    with pytest.raises(ValidationError) as refused:
        signed(**wrong)
    assert field in refused.value.normalized_messages()


def test_under_fourteen_a_guardian_signs_and_from_eight_on_the_child_is_asked_too(as_, people):
    bo = as_("bo")
    tot, kid, teen = (clients.one(people[name]) for name in ("tot", "kid", "teen"))
    with pytest.raises(Invalid) as alone:
        service.record(signed(child_heard=True), kid, bo)
    assert set(alone.value.fields) == {"signer"}
    with pytest.raises(Invalid) as unasked:
        service.record(signed(**GUARDIAN), kid, bo)
    assert set(unasked.value.fields) == {"child_heard"}
    with pytest.raises(Invalid) as bundled:
        service.record(signed(child_heard=True, **(GUARDIAN | {"scopes": ["service"]})), kid, bo)
    assert set(bundled.value.fields) == {"scopes"}
    row = service.record(signed(child_heard=True, **GUARDIAN), kid, bo)
    assert (row.klass, row.signer_name, row.file_id) == ("minor", "Li Hong", kid.id)
    service.record(signed(**GUARDIAN), tot, bo)  # five years old: nobody asks
    service.record(signed(child_heard=True), teen, bo)


def test_an_emergency_leaves_a_promise_that_a_consent_keeps(as_, people):
    bo = as_("bo")
    wang = clients.one(people["wang"])
    service.record(RecordConsentSchema().load({"basis": "emergency", "signed_on": clock.today().isoformat()}), wang, bo)
    task = db.session.scalars(select(Task).where(Task.client_id == wang.id)).one()
    assert (task.kind, task.state, task.user_id) == ("notify_later", "open", bo.user_id)
    assert task.due_on >= clock.today()
    assert queries.has_consent(wang.id)
    service.record(signed(), wang, bo)
    assert (task.state, task.ended_by_id) == ("done", bo.user_id)


def test_refused_items_are_facts_that_can_be_taken_back(as_, people):
    bo = as_("bo")
    wang = clients.one(people["wang"])
    service.refuse(RefuseItem(("phone", "photo")), wang, bo)
    service.refuse(RefuseItem(("photo",)), wang, bo)
    assert [r.item for r in db.session.scalars(select(RefusedItem))] == ["photo"]


def test_who_may_not(as_, people):
    bo = as_("bo")
    row = service.record(signed(), clients.one(people["wang"]), bo)
    db.session.commit()
    key = row.id
    eve = as_("eve")
    with pytest.raises(NotFound):
        queries.one(key)
    with pytest.raises(NotFound):
        clients.one(people["wang"])
    with pytest.raises(NotFound):
        queries.one(key, clients.one(people["sun"]).id)
    assert not queries.has_consent(people["wang"])
    tao = as_("tao")
    with pytest.raises(Forbidden):
        service.record(signed(), clients.one(people["wang"]), tao)
    assert eve.role == "worker"
