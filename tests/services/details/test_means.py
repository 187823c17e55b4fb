"""Means sheets: two different persons, members from the household, frozen once finished, one version per section; strangers see nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from marshmallow import ValidationError
from sqlalchemy import select, update

from caseapp.access.policy import PurposeNeeded
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.details.assistance import MeansSection, MeansSheet
from caseapp.models.details.assistance.means import MEMBERS, MONEY
from caseapp.queries.casework import cases, clients, households
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance import sheets
from caseapp.schemas.casework.household import MemberInput
from caseapp.schemas.details.assistance.means import (
    CountMember,
    FinishSheet,
    MoneyLine,
    VoidSheet,
    WriteEnquiry,
    WriteEnquirySchema,
    WriteMembers,
    WriteSection,
)
from caseapp.services.casework import households as household_service
from caseapp.services.casework.cases import gates, steps
from caseapp.services.details.assistance import means as service
from tests import poor

TODAY = clock.today


@pytest.fixture
def found(engine):
    """The family and its case."""
    return poor.family(engine)


def begun(actor, found):
    case = cases.one(found["case"])
    return case, service.begin(case, actor)


def sections(sheet):
    return sheets.by_name(sheets.one(sheet.id, db.session.get(c.Case, sheet.case_id)))


def keys(sheet):
    return {member["name"]: member["key"] for member in sections(sheet)[MEMBERS].content}


def decide(sheet, actor, **counted):
    """Everybody is counted but the grown daughter."""
    section = sections(sheet)[MEMBERS]
    said = [CountMember(m["key"], m["name"] != "王花", None if m["name"] != "王花" else "own_household") for m in section.content]
    return service.write_members(WriteMembers(section.version, tuple(said)), sheet, actor)


def write(sheet, name, actor, *lines, none=False):
    return service.write_section(WriteSection(sections(sheet)[name].version, none, lines), name, sheet, actor)


def enquired(sheet, actor, cast, **more):
    values = {
        "enquired_on": TODAY(),
        "methods": ("home", "neighbours"),
        "first_id": cast.users["bo"],
        "second_id": cast.users["ben"],
        "consent_how": "signed",
        "consent_on": TODAY(),
        "paper_place": "box 2",
    }
    return service.write_enquiry(WriteEnquiry(sheet.version, **{**values, **more}), sheet, actor)


def complete(actor, found, cast):
    """A sheet that lacks nothing: Wang's wage, a rent, savings, medicine."""
    case, sheet = begun(actor, found)
    decide(sheet, actor)
    who = keys(sheet)
    write(
        sheet,
        "income",
        actor,
        MoneyLine("wage", 150000, who=who["王大山"], per="month", times=5),
        MoneyLine("aid", 60000, per="month"),
    )
    write(sheet, "deduction", actor, none=True)
    write(sheet, "property", actor, MoneyLine("cash", 300050))
    write(
        sheet, "expense", actor, MoneyLine("medical", 20000, who=who["李梅"], per="month", evidence="receipt", basis="verified")
    )
    return case, enquired(sheets.one(sheet.id, case), actor, cast)


def finish(sheet, case, actor):
    sheet = sheets.one(sheet.id, case)
    return service.finish(FinishSheet(service.whole_version(sheet)), sheet, case, actor)


def test_members_come_from_the_household_the_minor_by_the_own_line(as_, found, engine):
    """Nobody types a name; the grown daughter who left is to be decided on; a colleague who may not open the minor's file counts him too."""
    bo = as_("bo")
    _case, sheet = begun(bo, found)
    members = sections(sheet)[MEMBERS].content
    assert [(m["name"], m["relation"], m["counted"]) for m in members] == [
        ("王大山", "head", True),
        ("李梅", "wife", True),
        ("王小山", "son", True),
        ("王花", "daughter", None),
    ]
    assert UUID(members[2]["key"]) == found["minor"]
    sheet_keys = set(keys(sheet).values())
    ben = as_("ben")
    assert {m.key for m in families.members(families.of_case(cases.one(found["case"])))} == sheet_keys
    with pytest.raises(PurposeNeeded):
        clients.opened(found["minor"], ben)


def test_begin_twice_is_one_sheet_and_a_closed_case_has_none(as_, found):
    bo = as_("bo")
    case, sheet = begun(bo, found)
    assert service.begin(case, bo).id == sheet.id
    case.status = "closed"
    with pytest.raises(Conflict):
        service.begin(case, bo)


def test_finished_by_two_with_its_sums_and_then_frozen(as_, found, cast):
    bo = as_("bo")
    case, sheet = complete(bo, found, cast)
    sheet = finish(sheet, case, bo)
    assert (sheet.state, sheet.finished_by_id) == ("finished", bo.user_id)
    sums = sheets.sums_of(sheet)
    assert (sums.members, sums.income, sums.beside) == (3, 750000, 720000)
    assert (sums.total("expense"), sums.total("property"), sums.head(sums.income)) == (240000, 300050, 20833)
    event = db.session.scalars(select(c.CaseEvent).where(c.CaseEvent.step == "means_finished")).one()
    assert event.case_id == case.id
    for attempt in (
        lambda: write(sheet, "income", bo, none=True),
        lambda: decide(sheet, bo),
        lambda: enquired(sheet, bo, cast),
        lambda: service.read_household(sheet, case, bo),
        lambda: finish(sheet, case, bo),
    ):
        with pytest.raises(Conflict) as error:
            attempt()
        assert error.value.code == "means_frozen"


def test_one_person_is_not_two(as_, found, cast):
    """The same account twice, the own name typed as somebody else's, a colleague of another station."""
    bo = as_("bo")
    _case, sheet = begun(bo, found)
    me = str(cast.users["bo"])
    with pytest.raises(ValidationError) as refused:
        WriteEnquirySchema().load({"version": 1, "first_id": me, "second_id": me})
    assert list(refused.value.normalized_messages()) == ["second_id"]
    own = WriteEnquiry(sheet.version, first_id=cast.users["bo"], second_name=" B o", second_office="office")
    stranger = WriteEnquiry(sheet.version, first_id=cast.users["bo"], second_id=cast.users["eve"])
    for command, field in ((own, "second_name"), (stranger, "second_id")):
        with pytest.raises(Invalid) as error:
            service.write_enquiry(command, sheet, bo)
        assert list(error.value.fields) == [field]


def test_one_alone_cannot_finish_and_nothing_is_skipped(as_, found, cast):
    bo = as_("bo")
    case, sheet = complete(bo, found, cast)
    enquired(sheet, bo, cast, second_id=None)
    with pytest.raises(Conflict) as error:
        finish(sheet, case, bo)
    assert error.value.facts["missing"] == ["two_staff"]
    enquired(
        sheets.one(sheet.id, case), bo, cast, second_id=None, second_name="赵刚", second_office="镇民政办", consent_how="refused"
    )
    with pytest.raises(Conflict) as error:
        finish(sheet, case, bo)
    assert error.value.facts["missing"] == ["refused"]


def test_a_section_never_asked_stops_it(as_, found, cast):
    bo = as_("bo")
    case, sheet = begun(bo, found)
    enquired(sheet, bo, cast)
    with pytest.raises(Conflict) as error:
        finish(sheet, case, bo)
    assert error.value.facts["missing"] == ["undecided", "not_looked_at", *["not_asked"] * 4]


def test_who_changed_something_meanwhile_is_noticed_at_the_end(as_, found, cast):
    """Finishing is for what was looked at: a line written since stops it."""
    bo = as_("bo")
    case, sheet = complete(bo, found, cast)
    seen = service.whole_version(sheets.one(sheet.id, case))
    write(sheet, "deduction", bo, MoneyLine("insurance", 1000, per="month"))
    with pytest.raises(Conflict) as error:
        service.finish(FinishSheet(seen), sheets.one(sheet.id, case), case, bo)
    assert error.value.code == "stale_version"


def test_two_write_different_sections_and_only_the_same_one_is_stale(as_, found):
    bo = as_("bo")
    _case, sheet = begun(bo, found)
    version = sections(sheet)["income"].version
    write(sheet, "expense", bo, MoneyLine("medical", 100, per="month"))
    service.write_section(WriteSection(version, False, (MoneyLine("wage", 100, per="month"),)), "income", sheet, bo)
    with pytest.raises(Conflict) as error:
        service.write_section(WriteSection(version, True), "income", sheet, bo)
    assert error.value.code == "stale_version"


def test_a_line_is_of_a_member_or_of_nobody(as_, found):
    bo = as_("bo")
    _case, sheet = begun(bo, found)
    with pytest.raises(Invalid) as error:
        write(sheet, "income", bo, MoneyLine("wage", 1, per="month"), MoneyLine("wage", 1, per="month", who="f" * 32))
    assert list(error.value.fields["lines"]) == [1]


def test_a_new_sheet_copies_the_last_and_asks_again(as_, found, cast):
    """Lines keep their keys, so that last year stands beside; what they rested on is asked anew; what is owned keeps its paper."""
    bo = as_("bo")
    case, first = complete(bo, found, cast)
    write(first, "property", bo, MoneyLine("real_estate", 5, evidence="title", basis="verified"))
    enquired(sheets.one(first.id, case), bo, cast)
    finish(first, case, bo)
    second = service.begin(case, bo)
    before, after = sections(first), sections(second)
    assert second.copied_from_id == first.id and second.number == 2
    for name in MONEY:
        assert [line["key"] for line in after[name].content] == [line["key"] for line in before[name].content]
        assert all(line["basis"] == "declared" for line in after[name].content)
        assert not after[name].saved
    assert after["expense"].content[0]["evidence"] is None and after["property"].content[0]["evidence"] == "title"
    assert {m["name"]: m["counted"] for m in after[MEMBERS].content}["王花"] is False
    assert sheets.last_finished(families.of_case(case), before=second).id == first.id


def test_the_household_read_again_keeps_what_was_decided(as_, found):
    bo = as_("bo")
    case, sheet = begun(bo, found)
    decide(sheet, bo)
    household_service.add_member(MemberInput("mother", name="赵氏", birth_year=1950), households.one(found["household"]), bo)
    sheet = service.read_household(sheet, case, bo)
    section = sections(sheet)[MEMBERS]
    assert {m["name"]: m["counted"] for m in section.content}["王花"] is False
    assert {m["name"]: m["counted"] for m in section.content}["赵氏"] is True
    assert not section.saved


def test_void_keeps_it_readable_and_the_one_before_counts(as_, found, cast):
    bo = as_("bo")
    case, sheet = complete(bo, found, cast)
    sheet = finish(sheet, case, bo)
    service.void(VoidSheet(service.whole_version(sheet), "a nephew was counted"), sheet, case, bo)
    assert sheets.last_finished(families.of_case(case)) is None
    with pytest.raises(Conflict):
        service.void(VoidSheet(service.whole_version(sheet), "again"), sheet, case, bo)


@pytest.mark.parametrize(
    ("name", "refusal"), [("eve", NotFound), ("far", NotFound), ("tao", Forbidden), ("chen", Forbidden), ("cora", Forbidden)]
)
def test_strangers_and_readers_do_not_write(as_, found, name, refusal):
    bo = as_("bo")
    _case, sheet = begun(bo, found)
    other = as_(name)
    with pytest.raises(refusal):
        service.write_section(WriteSection(1, True), "income", sheet, other)


def test_amounts_lie_sealed_and_bound_to_their_row(as_, found, cast):
    """No amount stands in the database in clear, and a section's text moved to another row does not open."""
    bo = as_("bo")
    _case, sheet = complete(bo, found, cast)
    ids = {name: row.id for name, row in sections(sheet).items()}
    db.session.commit()
    with system_session("look", write=True) as session:
        raw = session.scalars(select(MeansSection.content_enc).where(MeansSection.content_enc.is_not(None))).all()
        assert raw and not any(b"amount" in text or b"150000" in text for text in raw)
        income = session.get(MeansSection, ids["income"])
        session.execute(update(MeansSection).where(MeansSection.id == ids["expense"]).values(content_enc=income.content_enc))
    with system_session("look") as session, pytest.raises(InvalidTag):
        session.get(MeansSection, ids["expense"]).content  # noqa: B018 - reading it is the test


def test_the_gate_asks_for_a_sheet_where_the_matter_needs_one(as_, found, cast, engine):
    poor.detail(engine, found["case"], matter="apply")
    bo = as_("bo")
    case = cases.one(found["case"])
    assert [name for name, _words in gates.missing(case, ("means_sheet",))] == ["means_sheet"]
    steps.write_detail(case, {"matter": "service"}, bo)
    db.session.flush()
    assert gates.missing(case, ("means_sheet",)) == []
    steps.write_detail(case, {"matter": "recheck"}, bo)
    db.session.flush()
    case, sheet = complete(bo, found, cast)
    assert gates.missing(case, ("means_sheet",)), "a sheet that is not finished does not count"
    sheet = finish(sheet, case, bo)
    assert gates.missing(case, ("means_sheet",)) == []
    sheet.enquired_on = TODAY() - timedelta(days=200)
    db.session.flush()
    assert gates.missing(case, ("means_sheet",)), "half a year later it is too old"


def test_a_sheet_of_a_restricted_case_is_not_there_for_others(as_, engine, cast):
    """P3: absent from the family's sheets for who is not named on the case."""
    found = poor.family(engine, klass="P3")
    ann = as_("ann")
    begun(ann, found)
    db.session.commit()
    ben = as_("ben")
    with pytest.raises(NotFound):
        cases.one(found["case"])
    assert db.session.scalars(select(MeansSheet)).all() == []
    del ben
