"""People on file: papers and what they say, groups and what they leave behind, endings and what falls away with them."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.identity_numbers import check_digit
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Enrolment, HouseholdMember, IdentityDocument, Plan, Review, TargetTag, Task
from caseapp.models.trust import AuditEntry, FileAccess
from caseapp.queries.casework import clients
from caseapp.schemas.casework.client.enrolment import EndEnrolmentSchema, Enrol
from caseapp.schemas.casework.client.parts import AddTag, CancelTag, ConfirmTag, EndTag
from caseapp.schemas.casework.client.person import DocumentInput, EditClientSchema, RegisterClientSchema
from caseapp.services.casework.clients import documents, edit, enrolments, register, tags
from tests import rows


def number(first17):
    """A valid citizen number of an invented person."""
    return first17 + check_digit(first17)


WOMAN_1945 = number("22240319450302122")
MAN_1950 = number("22240319500102121")
PERSON = {"name": "王淑华", "sex": "2", "birth": "1945-03-02", "no_document_reason": "lost", "tags": ["EL02"]}


def registered(actor, **more):
    """A new person as a form or call would give it."""
    given = {**PERSON, **more}
    client = register.register(RegisterClientSchema().load({name: v for name, v in given.items() if v is not None}), actor)
    db.session.commit()
    return client


@contextmanager
def behind():
    """Rows written past the guard, by nobody, while no request runs."""
    db.session.commit()
    with system_session("rows", write=True) as session:
        yield session


def open_tasks(client):
    """Kinds of what is still promised about a person."""
    query = select(Task.kind).where(Task.client_id == client.id, Task.state == "open").order_by(Task.kind)
    return list(db.session.scalars(query))


def end(client, actor, **more):
    """The end of a stay today."""
    given = {"reason": "moved", "to_on": clock.today().isoformat(), "version": client.version, **more}
    return enrolments.end(EndEnrolmentSchema().load(given), client, actor)


# ---- papers


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("111", WOMAN_1945, WOMAN_1945),
        ("113", WOMAN_1945.lower(), WOMAN_1945),
        ("112", "".join(chr(ord(c) + 0xFEE0) for c in WOMAN_1945), WOMAN_1945),
        ("111", f"'{WOMAN_1945}", WOMAN_1945),  # the mark by which a spreadsheet keeps digits as text
        ("HKMO", number("81000019450302122"), number("81000019450302122")),
        ("TW", number("83000019450302122"), number("83000019450302122")),
        ("516", "h1234567800", "H1234567800"),
        ("511", "12345678", "12345678"),
        ("414", "e 1234 5678", "E12345678"),
        ("553", "CHN110045030212", "CHN110045030212"),
        ("117", "P220123456", "P220123456"),
        ("990", "军字第12345号", "军字第12345号"),
    ],
)
def test_every_kind_of_paper_is_kept_sealed_and_found_again(as_, kind, given, kept):
    bo = as_("bo")
    client = registered(bo, no_document_reason=None, document={"kind": kind, "number": given})
    row = db.session.scalars(select(IdentityDocument)).one()
    assert (row.number, row.client_id) == (kept, client.id)
    assert kept.encode() not in row.number_enc and kept.encode() not in row.number_index
    with pytest.raises(Conflict) as there:
        registered(bo, name="另一人", no_document_reason=None, document={"kind": kind, "number": kept})
    assert there.value.code == "already_on_file"


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("111", "2.20102E+17", "scientific_notation"),
        ("111", WOMAN_1945[:15] + "000", "rounded_by_spreadsheet"),
        ("111", WOMAN_1945[:17] + ("0" if WOMAN_1945[17] != "0" else "1"), "checksum"),
        ("111", number("22240329990302122"), "future_date"),
        ("111", number("22240318500302122"), "too_old"),
        ("111", number("22240319450230122"), "impossible_date"),
        ("111", WOMAN_1945[:16], "length"),
        ("TW", number("81000019450302122"), "prefix"),
        ("414", "E1", "length"),
        ("DISABLED", WOMAN_1945 + "81", "category"),
        ("DISABLED", WOMAN_1945 + "45", "grade"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_reason(as_, kind, given, code):
    bo = as_("bo")
    with pytest.raises(Invalid) as refused:
        registered(bo, no_document_reason=None, document={"kind": kind, "number": given})
    assert refused.value.code == f"document_{code}"
    assert "document_number" in refused.value.fields and given not in str(refused.value.message)


@pytest.mark.parametrize("prefix", ["220724", "220381", "220181"])
def test_abolished_divisions_in_a_number_are_known(as_, prefix):
    from caseapp import reference

    client = registered(as_("bo"), no_document_reason=None, document={"kind": "111", "number": number(prefix + "19450302122")})
    assert client.file_no
    assert reference.document_warnings("111", number(prefix + "19450302122")) == ()
    assert reference.document_warnings("111", number("22999919450302122")) == ("unknown_prefix",), "warned of, never refused"


def test_a_disability_card_belongs_to_the_person_or_is_refused(as_):
    bo = as_("bo")
    client = registered(bo, no_document_reason=None, document={"kind": "111", "number": WOMAN_1945})
    with pytest.raises(Invalid) as another:
        documents.add(DocumentInput("DISABLED", MAN_1950 + "42"), client, bo)
    assert another.value.code == "document_holder_mismatch"
    documents.add(DocumentInput("DISABLED", WOMAN_1945 + "42B1"), client, bo)
    assert (client.disability, client.disability_grade) == ("4", "2")


def test_where_the_paper_says_something_else_somebody_says_who_is_right(as_):
    bo = as_("bo")
    paper = {"kind": "111", "number": WOMAN_1945}
    for typed in ({"birth": "1946-03-02"}, {"sex": "1"}):
        with pytest.raises(Invalid) as asked:
            registered(bo, no_document_reason=None, document=paper, **typed)
        assert "document_if_differs" in asked.value.fields
    client = registered(bo, no_document_reason=None, document={**paper, "if_differs": "typed"}, birth="1946")
    assert (client.birth_on, client.birth_precision) == (date(1946, 1, 1), "year")
    paper["number"] = number("22240319450302124")
    client = registered(bo, no_document_reason=None, document={**paper, "if_differs": "document"}, birth="1946", sex="1")
    assert (client.birth_on, client.birth_precision, client.sex) == (date(1945, 3, 2), "day", "2")


def test_a_paper_found_later_fills_in_the_birth_and_with_it_the_class(as_, cast):
    bo = as_("bo")
    client = registered(bo, birth=None, sex="0", tags=["CM08"])
    key = client.id
    assert client.klass == "P2" and open_tasks(client) == ["no_document"]
    young = clock.today().year - 10
    documents.add(DocumentInput("113", number(f"222403{young}0101122")), client, bo)
    db.session.commit()
    assert (client.klass, client.birth_on.year, open_tasks(client)) == ("minor", young, [])
    assert db.session.scalars(select(FileAccess.user_id).where(FileAccess.kind == "assigned")).all() == [cast.users["bo"]]
    as_("ben")
    assert db.session.scalars(select(IdentityDocument)).all() == [], "a minor's papers are shut for others"
    assert clients.one(key).name == "王淑华", "the line is not"


def test_a_birth_put_right_opens_and_shuts_every_row(as_):
    bo = as_("bo")
    client = registered(bo)
    key = client.id
    child = EditClientSchema().load({"birth": f"{clock.today().year - 9}-01-01", "version": client.version})
    edit.edit(child, client, bo)
    db.session.commit()
    with system_session("look") as session:
        assert set(session.scalars(select(Enrolment.klass))) | set(session.scalars(select(TargetTag.klass))) == {"minor"}
    bo = as_("bo")
    client = clients.one(key)
    grown = EditClientSchema().load({"birth": "1945-03-02", "version": client.version})
    edit.edit(grown, client, bo)
    db.session.commit()
    with system_session("look") as session:
        assert set(session.scalars(select(Enrolment.klass))) | set(session.scalars(select(TargetTag.klass))) == {"P2"}
        assert [row for row in session.scalars(select(FileAccess)) if row.to_on is None] == []


# ---- groups


def test_somebody_without_a_known_group_leaves_a_promise_that_a_confirmed_one_keeps(as_):
    bo = as_("bo")
    client = registered(bo, tags=None)
    assert "verify_tag" in open_tasks(client)
    suspected = tags.add(AddTag("EL03", clock.today(), status="suspected", basis="neighbour"), client, bo)
    assert "verify_tag" in open_tasks(client) and suspected.verified_on is None
    tags.confirm(ConfirmTag("village list 2026"), suspected, client, bo)
    assert "verify_tag" not in open_tasks(client)
    assert (suspected.status, suspected.basis, suspected.verified_on) == ("confirmed", "village list 2026", clock.today())
    with pytest.raises(Conflict):
        tags.confirm(ConfirmTag("again"), suspected, client, bo)
    with pytest.raises(Conflict):
        tags.add(AddTag("EL03", clock.today()), client, bo)


def test_a_group_that_ended_keeps_its_basis_and_one_that_never_held_counts_nowhere(as_):
    bo = as_("bo")
    client = registered(bo, tags=["CM08"])
    alone = tags.add(AddTag("EL03", clock.today() - timedelta(days=40), basis="own word"), client, bo)
    assert client.next_visit_rule == "special_elderly_monthly"
    with pytest.raises(Invalid):
        tags.end(EndTag(clock.today() - timedelta(days=41)), alone, client, bo)
    tags.end(EndTag(clock.today() - timedelta(days=1), "lives with her son"), alone, client, bo)
    assert (alone.basis, alone.ended_reason) == ("own word", "lives with her son")
    assert client.next_visit_rule == "risk_green", "the rule of the group went with it"
    again = tags.add(AddTag("EL03", clock.today()), client, bo)
    tags.cancel(CancelTag("mixed up with her sister"), again, client, bo)
    assert (again.status, client.next_visit_rule) == ("cancelled", "risk_green")
    tags.add(AddTag("EL03", clock.today()), client, bo)


def test_restricted_groups_live_with_a_restricted_case_only(as_, cast):
    bo = as_("bo")
    key = registered(bo, tags=["CM08"]).id
    with behind() as session:
        person = session.get(Client, key)
        begun = {"opened_on": clock.today(), "stage_since": clock.today()}
        open_case, shut = (rows.case(session, person, cast.users["bo"], klass=klass, **begun).id for klass in ("P2", "P3"))
    bo = as_("bo")
    client = clients.one(key)
    with pytest.raises(Conflict) as refused:
        tags.add_restricted(AddTag("MF04", clock.today()), db.session.get(Case, open_case), client, bo)
    assert refused.value.code == "not_restricted"
    row = tags.add_restricted(AddTag("MD01", clock.today()), db.session.get(Case, shut), client, bo)
    assert (row.klass, row.file_id, row.case_id) == ("P3", shut, shut)
    db.session.commit()
    assert "MD01" not in {tag.code for tag in clients.detailed(client.id, bo).tags}, "not on the person's page, whoever looks"
    assert db.session.get(Case, shut).next_visit_rule == "psychiatric_monthly", "its visits follow the group"
    assert client.next_visit_rule == "risk_green", "the person's line says nothing of it"
    as_("ben")
    assert "MD01" not in set(db.session.scalars(select(TargetTag.code)))


# ---- endings


@pytest.mark.parametrize("reason", ["moved", "institution", "declined"])
def test_a_stay_that_ends_takes_promises_and_dates_along_and_can_begin_again(as_, reason):
    bo = as_("bo")
    client = registered(bo)
    assert client.next_visit_on is not None and open_tasks(client) == ["no_document"]
    end(client, bo, reason=reason)
    db.session.commit()
    assert (client.state, client.next_visit_on, open_tasks(client)) == ("ended", None, [])
    with pytest.raises(Conflict):
        end(client, bo)
    stay = enrolments.enrol(Enrol(clock.today()), client, bo)
    assert (client.state, stay.to_on) == ("on_file", None) and client.next_visit_on is not None


def test_other_reasons_say_more_and_an_open_case_is_closed_first(as_, cast):
    from marshmallow import ValidationError

    bo = as_("bo")
    client = registered(bo)
    key = client.id
    with pytest.raises(ValidationError):
        end(client, bo, reason="other")
    with behind() as session:
        rows.case(session, session.get(Client, key), cast.users["bo"])
    bo = as_("bo")
    with pytest.raises(Conflict) as refused:
        end(clients.one(key), bo)
    assert refused.value.code == "open_case"
    with pytest.raises(Invalid):
        end(clients.one(key), bo, reason="deceased", to_on=(clock.today() - timedelta(days=400)).isoformat())


def test_death_closes_every_case_also_one_that_the_actor_does_not_see(as_, cast):
    ben = as_("ben")
    key = registered(ben).id
    with behind() as session:
        person = session.get(Client, key)
        seen = rows.case(session, person, cast.users["ben"], status="serving", next_visit_on=clock.today()).id
        hidden = rows.case(session, person, cast.users["bo"], status="serving", klass="P3", next_visit_on=clock.today()).id
        old = rows.case(session, person, cast.users["bo"], status="closed", closed_on=clock.today(), closing_reason="achieved").id
        for case_id in (seen, hidden):
            case = session.get(Case, case_id)
            plan = Plan(case_id=case.id, number=1, state="approved", starts_on=clock.today(), created_at=clock.now())
            task = Task(kind="follow_up", client_id=person.id, case_id=case.id, due_on=clock.today(), created_at=clock.now())
            for row in (plan, task):
                row.belongs_to(case)
                session.add(row)
        home = HouseholdMember(
            household_id=_household(session, cast), client_id=person.id, relation_to_head="head", created_at=clock.now()
        )
        home.belongs_to(person)
        session.add(home)
    ben = as_("ben")
    end(clients.one(key), ben, reason="deceased")
    db.session.commit()
    assert clients.one(key).deceased_on == clock.today()
    assert {case.id for case in db.session.scalars(select(Case))} == {seen, old}, "what was hidden stays hidden"
    with system_session("look") as session:
        for case_id in (seen, hidden):
            case = session.get(Case, case_id)
            assert (case.status, case.closing_reason, case.next_visit_on) == ("closed", "deceased", None)
            review = session.scalars(select(Review).where(Review.case_id == case_id)).one()
            assert (review.kind, review.state, review.klass) == ("closure", "open", case.klass), "looked at afterwards"
            assert case.next_step == "closing_review"
        assert set(session.scalars(select(Plan.state))) == {"superseded"}
        assert set(session.scalars(select(Task.state))) == {"cancelled"}
        assert session.scalars(select(HouseholdMember.deceased)).all() == [True]
        assert (session.get(Case, old).next_visit_on, session.get(Case, old).next_step) == (None, "archive")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "client.enrolment_ended")).one()
        assert hidden.bytes in entry.people, "the trail tells whose act it was"
    with pytest.raises(Conflict):
        enrolments.enrol(Enrol(clock.today()), clients.one(key), ben)


def _household(session, cast):
    from caseapp.models.casework import Household

    key = rows.uuid7()
    row = Household(
        id=key,
        file_id=key,
        station_id=cast.places["Riverside"],
        station_path=cast.paths["Riverside"],
        klass="P2",
        household_no="H-1",
        name="home",
        name_key="home",
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def test_a_hidden_case_does_not_hold_up_an_end_and_its_worker_is_told(as_, cast):
    ben = as_("ben")
    key = registered(ben).id
    with behind() as session:
        hidden = rows.case(session, session.get(Client, key), cast.users["bo"], status="serving", klass="P3").id
    ben = as_("ben")
    end(clients.one(key), ben, reason="moved")
    db.session.commit()
    as_("bo")
    task = db.session.scalars(select(Task).where(Task.state == "open")).one()
    assert (task.kind, task.case_id, task.user_id, task.klass) == ("stay_ended", hidden, cast.users["bo"], "P3")
    as_("ben")
    assert db.session.scalars(select(Task).where(Task.state == "open")).all() == []


def test_who_may_not(as_):
    bo = as_("bo")
    key = registered(bo).id
    tao = as_("tao")
    with pytest.raises(Forbidden):
        end(clients.one(key), tao)
    with pytest.raises(Forbidden):
        documents.add(DocumentInput("414", "E12345678"), clients.one(key), tao)
    as_("eve")
    with pytest.raises(NotFound):
        clients.one(key)
