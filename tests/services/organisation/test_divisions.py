"""Tables of changed divisions: CSV or workbook, judged line by line, carried out on their day, all or nothing."""

import io
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
import xlsxwriter
from sqlalchemy import select

from caseapp import reference
from caseapp.access.system import system_session
from caseapp.adapters import spreadsheets, workbooks
from caseapp.core import clock
from caseapp.core.errors import Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import organisation as o
from caseapp.models.casework import Client
from caseapp.models.trust import AuditEntry
from caseapp.queries.organisation import divisions as queries
from caseapp.queries.organisation import tree
from caseapp.services.organisation import divisions as service
from tests import rows
from tests.services.organisation import places
from tests.services.organisation.places import EAST, HILL, TOWN, WEST

HEAD = "code,name,level,parent,effective,now_code,counts_for_coverage"
COUNTY, CITY, PROVINCE = "222403000000", "222400000000", "220000000000"
NEW_TOWN, NEW_COUNTY = "222403103000", "222427000000"
DAY = "2026-07-01"


def table(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


def workbook(*lines: list[Any]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for place, line in enumerate(lines):
            sheet.write_row(place, 0, line)
    return held.getvalue()


@pytest.fixture
def carry_out(as_: Any) -> Any:
    """`carry_out(line, …)` imports these lines as Sam and commits; gives how many of each."""

    def run(*lines: str, by: str = "sam") -> Counter[str]:
        told = service.apply(service.read(table(*lines)), as_(by))
        db.session.commit()
        return told

    return run


@pytest.fixture
def problems(as_: Any) -> Any:
    """`problems(line, …)` are the first words against each line, empty for one in order."""

    def run(*lines: str, by: str = "sam") -> list[str]:
        judged = service.judge(service.read(table(*lines)), as_(by))
        db.session.rollback()
        return [str(line.problems[0]) if line.problems else "" for line in judged]

    return run


def division(code: str) -> Any:
    with system_session("look") as session:
        row = session.get(o.Division, code)
        session.expunge_all()
        return row


def test_a_csv_of_either_encoding_and_a_workbook_read_the_same() -> None:
    line = [NEW_TOWN, "新镇", "township", COUNTY, DAY, "", "yes"]
    text = f"{HEAD}\n{','.join(line)}\n"
    typed = [
        222403103000,
        "新镇",
        "township",
        222403000000,
        date(2026, 7, 1),
        "",
        True,
    ]  # numbers and a date, as Excel makes them
    found = [
        service.read(text.encode()),
        service.read(b"\xef\xbb\xbf" + text.encode()),
        service.read(text.encode("gb18030")),
        service.read(workbook(HEAD.split(","), line)),
        service.read(workbook(HEAD.split(","), typed)),
        service.read(service.to_csv(service.read(text.encode())).encode()),
    ]
    assert [vars(lines[0]) for lines in found] == [vars(found[0][0])] * 6
    assert found[0][0].counts is True and not found[0][0].problems


def test_columns_and_levels_may_be_named_in_either_language() -> None:
    chinese = (
        "区划代码,名称,级别,上级区划代码,生效日期,并入或变更为,计入覆盖率\n222403103000,新镇,乡级,222403000000,2026-07-01,,是\n"
    )
    english = "Code,Name,Level,Code above it,From,Counts for coverage,remark\n222403103000,新镇,Township,222403000000,2026-07-01,yes,x\n"
    for text in (chinese, english):
        (line,) = service.read(text.encode())
        assert (line.level, line.parent, line.effective, line.counts, line.problems) == (
            "township",
            COUNTY,
            date(2026, 7, 1),
            True,
            [],
        )


def test_the_empty_table_that_is_offered_can_be_filled_in() -> None:
    for language in ("zh", "en"):
        headings = [(column.label(language), "") for column in reference.codes("division_column")]
        with pytest.raises(Invalid, match="holds no line"):
            service.read(spreadsheets.blank_xlsx("x", headings))


BROKEN = (
    b"", b"\xff\xfe\x00x", b"PK\x03\x04 no workbook", b"name,level\nx,y\n", b"code,effective,code\n1,2,3\n", HEAD.encode(),
    b"code,effective\0\n", b"%PDF-1.7", table(*["222403103000,x,,,2026-07-01,,"] * 5001),
)  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        service.read(content)
    assert "file" in refused.value.fields


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "UNPACKED_MOST", 100)
    with pytest.raises(Invalid):
        service.read(workbook(HEAD.split(","), [NEW_TOWN]))


def test_each_line_says_what_is_wrong_with_it(problems: Any, cast: Any) -> None:
    found = problems(
        "22240310300,x,township,222403000000,2026-07-01,,",
        f"{NEW_TOWN},=1+1,township,{COUNTY},{DAY},,",
        f"{NEW_TOWN},x,parish,{COUNTY},{DAY},,",
        f"{NEW_TOWN},x,township,{COUNTY},1 July,,",
        f"{NEW_TOWN},x,township,{COUNTY},{DAY},,perhaps",
        f"{NEW_TOWN},x,township,{COUNTY},{DAY},,,,too many",
        f"222403106000,,township,{COUNTY},{DAY},,",
        f"222403104000,x,township,{CITY},{DAY},,",
        f"222403105000,x,village,999999999999,{DAY},,",
        f"{TOWN},,county,,{DAY},,",
        f"{EAST},,,{COUNTY},{DAY},,",
        f"{WEST},,,,{DAY},999999999999,",
        f"{HILL},,,,{DAY},{TOWN},",
        f"{COUNTY},x,,,{DAY},,",
        f"{COUNTY},y,,,{DAY},,",
        "220181000000,x,,,2026-07-01,,",
    )
    wanted = (
        "12 digits", "formula", "level is not known", "like 2026-07-01", "yes or no", "too many cells", "needs a name", "needs a name",
        "needs a name", "level of a division does not change", "wrong level", "is not known", "still open", "", "stands twice",
        "needs a name",
    )  # fmt: skip
    for number, (said, part) in enumerate(zip(found, wanted, strict=True)):
        assert part in said and bool(part) == bool(said), (number, said, part)


def test_nothing_is_carried_out_when_one_line_is_wrong(carry_out: Any, as_: Any) -> None:
    with pytest.raises(Invalid):
        carry_out(f"{NEW_TOWN},New,township,{COUNTY},{DAY},,yes", f"{EAST},,,,{DAY},999999999999,")
    db.session.rollback()
    assert division(NEW_TOWN) is None


def test_a_new_township_brings_its_office_and_its_villages(carry_out: Any, cast: Any) -> None:
    village = "222403103201"
    told = carry_out(f"{village},New village,village,{NEW_TOWN},{DAY},,", f"{NEW_TOWN},New,township,{COUNTY},{DAY},,yes")
    assert told == {"new": 2}
    row = division(NEW_TOWN)
    assert (row.from_on, row.counts_for_coverage, row.source, row.parent_code) == (date(2026, 7, 1), True, "import", COUNTY)
    office = places.at(f"{cast.paths['county']}222403103/")
    assert (office.kind, office.short_name, office.parent_id) == ("township", "New", cast.places["county"])
    assert [found.code for found in tree.villages(NEW_TOWN)] == [village]


def test_an_area_without_an_official_code(carry_out: Any) -> None:
    carry_out(f"X22-NEW,New area,management_area,{PROVINCE},{DAY},,", f"{NEW_TOWN},New,township,X22-NEW,{DAY},,yes")
    assert places.at("/22/x22-new/222403103/").kind == "township"


def test_a_renamed_county_renames_its_offices_and_stations(carry_out: Any, cast: Any) -> None:
    point = places.put("service_point", "old name点", cast.paths["Riverside"], "p1", EAST)
    places.set_row(o.Organisation, cast.places["Hillside"], name_reason="the signboard says so")
    places.put("station", "Closed", cast.paths["rivertown"], "s9", TOWN, closed_on=clock.today())
    carry_out(f"{COUNTY},Rich County,,,{DAY},,", f"{TOWN},River Town,,,{DAY},,", f"{EAST},Sunrise,,,{DAY},,")
    assert places.at(cast.paths["county"]).name == "Rich County民政局"
    assert places.at(cast.paths["rivertown"]).name == "Rich CountyRiver Town社会事务办公室"
    station = places.at(cast.paths["Riverside"])
    assert (station.name, station.short_name) == ("Rich CountyRiver Town社会工作服务站", "River Town社工站")
    assert places.at(f"{cast.paths['Riverside']}p1/").name == "River TownSunrise社会工作服务点" and point
    assert places.at(cast.paths["Hillside"]).name == "Hillside station"  # changed by hand with a reason
    assert places.at(f"{cast.paths['rivertown']}s9/").name == "Closed"
    (change,) = _history(COUNTY)
    assert (change.name_before, change.name, change.effective_on, change.act) == (
        "county",
        "Rich County",
        date(2026, 7, 1),
        "rename",
    )


def _history(code: str) -> list[Any]:
    with system_session("look") as session:
        found = list(session.scalars(select(o.DivisionChange).where(o.DivisionChange.code == code)))
        session.expunge_all()
        return found


def test_a_county_gets_a_new_code_in_one_table(carry_out: Any, cast: Any, as_: Any) -> None:
    """As 九台市 became 九台区: the new one, its townships moved, the old one abolished; files and roles move along."""
    with system_session("a person", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Old Wang", worker_id=cast.users["bo"])
        rows.visit(session, person, cast.users["bo"], date(2026, 6, 1))
        person_id = person.id
    places.set_row(o.Grant, cast.grants["cora"], state="ended")
    places.set_row(o.Grant, cast.grants["dee"], state="ended")
    places.set_row(o.Grant, cast.grants["val"], state="ended")
    places.set_row(o.Grant, cast.grants["sid"], state="ended")
    told = carry_out(
        f"{COUNTY},,,,{DAY},{NEW_COUNTY},",
        f"{TOWN},,,{NEW_COUNTY},{DAY},,",
        f"{NEW_COUNTY},New County,county,{CITY},{DAY},,",
        f"{HILL},,,{NEW_COUNTY},{DAY},,",
    )
    assert told == {"new": 1, "move": 2, "abolish": 1}
    old, path = division(COUNTY), "/22/2224/222427/222403101/s1/"
    assert (old.to_on, old.now_code) == (date(2026, 6, 30), NEW_COUNTY)
    assert places.at(cast.paths["county"]).closed_on == date(2026, 7, 1)
    assert places.at(path).id == cast.places["Riverside"]
    assert as_("bo").paths == (path,) and as_("ann").covers(path)
    assert db.session.get(Client, person_id).station_path == path
    (moved,) = _history(TOWN)
    assert (moved.parent_before, moved.parent_code, moved.state) == (COUNTY, NEW_COUNTY, "done")


def test_what_still_stands_keeps_its_division(problems: Any, cast: Any, app: Any) -> None:
    assert "Roles" in problems(f"{TOWN},,,{NEW_COUNTY},{DAY},,", f"{HILL},,,{NEW_COUNTY},{DAY},,", f"{NEW_COUNTY},N,county,{CITY},{DAY},,", f"{COUNTY},,,,{DAY},{NEW_COUNTY},")[3]  # fmt: skip
    places.put("service_point", "Point", cast.paths["Riverside"], "p1", EAST)
    assert "service point" in problems(f"{EAST},,,{HILL},{DAY},,")[0]
    assert "still open" in problems(f"{EAST},,,,{DAY},{WEST},")[0]
    assert problems(f"{WEST},,,,{DAY},{EAST},") == [""]


def test_an_administrator_changes_only_the_own_part(problems: Any, carry_out: Any, cast: Any) -> None:
    places.set_row(o.GrantPlace, (cast.grants["sam"], cast.places["province"]), path=cast.paths["county"])
    assert problems(f"{TOWN},x,,,{DAY},,", f"{NEW_TOWN},x,township,{COUNTY},{DAY},,") == ["", ""]
    for line in (f"220122100000,x,,,{DAY},,", f"220122101000,x,township,220122000000,{DAY},,", f"{TOWN},,,220122000000,{DAY},,"):
        assert "outside your part" in problems(line)[0], line
        with pytest.raises(Invalid):
            carry_out(line)
    with pytest.raises(Forbidden):
        carry_out(f"{TOWN},x,,,{DAY},,", by="cora")


def test_a_change_of_a_later_day_waits_for_it(carry_out: Any, problems: Any, as_: Any, cast: Any) -> None:
    later = clock.today() + timedelta(days=30)
    assert carry_out(f"{TOWN},Later,,,{later},,", f"{HILL},Now,,,{DAY},,") == {"waits": 1, "rename": 1}
    assert division(TOWN).name == "rivertown" and division(HILL).name == "Now"
    assert [(row.code, row.effective_on) for row in queries.waiting(as_("sam"))] == [(TOWN, later)]
    assert queries.due_count(as_("sam")) == 0 and queries.waiting(as_("cora")) == []
    assert "waiting for that day already" in problems(f"{TOWN},Again,,,{later},,")[0]
    assert service.carry_out_due(as_("sam")) == {}
    with time_machine.travel(clock.now() + timedelta(days=30), tick=True):
        assert queries.due_count(as_("sam")) == 1
        assert service.carry_out_due(as_("sam")) == {"rename": 1}
        db.session.commit()
    assert division(TOWN).name == "Later" and queries.waiting(as_("sam")) == []
    assert [row.state for row in _history(TOWN)] == ["done"]


def test_a_waiting_change_that_no_longer_fits_stops_the_others_until_it_is_taken_back(
    carry_out: Any, as_: Any, cast: Any
) -> None:
    later = clock.today() + timedelta(days=30)
    carry_out(f"{WEST},,,,{later},{EAST},", f"{TOWN},Later,,,{later},,")
    places.put("service_point", "Point", cast.paths["Riverside"], "p1", WEST)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=True):
        with pytest.raises(Invalid):
            service.carry_out_due(as_("sam"))
        db.session.rollback()
        stuck = [change.id for change, line in service.due_lines(as_("sam")) if line.problems]
        assert len(stuck) == 1
        with pytest.raises(Forbidden):
            service.withdraw(stuck[0], as_("cora"))
        service.withdraw(stuck[0], as_("sam"))
        db.session.commit()
        with pytest.raises(NotFound):
            service.withdraw(stuck[0], as_("sam"))
        assert service.carry_out_due(as_("sam")) == {"rename": 1}


def test_a_village_that_has_not_begun_is_not_offered(carry_out: Any, app: Any) -> None:
    with system_session("to come", write=True) as session:
        begins = clock.today() + timedelta(days=3)
        session.add(
            o.Division(code="222403101299", name="To come", level="village", parent_code=TOWN, source="x", from_on=begins)
        )
    assert [row.code for row in tree.villages(TOWN)] == [EAST, WEST]


def test_coverage_is_changed_by_a_line_of_its_own(carry_out: Any) -> None:
    assert carry_out(f"{TOWN},,,,{DAY},,no", f"{HILL},,,,{DAY},,yes") == {"count": 1, "nothing": 1}
    assert division(TOWN).counts_for_coverage is False


def test_the_same_table_twice_changes_nothing(carry_out: Any) -> None:
    lines = (f"{NEW_TOWN},New,township,{COUNTY},{DAY},,yes", f"{TOWN},River Town,,,{DAY},,")
    carry_out(*lines)
    assert carry_out(*lines) == {"nothing": 2}


def test_an_import_is_in_the_trail_with_what_was_before(carry_out: Any, cast: Any) -> None:
    carry_out(f"{TOWN},River Town,,,{DAY},,")
    with system_session("look") as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None and (entry.event, entry.user_id) == ("divisions.imported", cast.users["sam"])
        changed = [(row["table"], row["fields"]) for row in entry.changes["rows"]]
    assert [fields["name"] for table_, fields in changed if table_ == "division"] == [["rivertown", "River Town"]]
    assert ["Riverside station", "River Town社工站"] in [
        fields["short_name"] for table_, fields in changed if table_ == "organisation"
    ]
