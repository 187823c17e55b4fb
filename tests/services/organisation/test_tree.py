"""The tree: names by the signboard rule, contractors and the stations they run, moving with everything below, closing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from caseapp.access import paths
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.models.base import OfPerson
from caseapp.queries.organisation import tree as queries
from caseapp.schemas.organisation import tree as commands
from caseapp.services.organisation import tree as service
from tests import rows
from tests.services.organisation import places
from tests.services.organisation.places import EAST, HILL, WEST


def office(name: str, cast: Any) -> Any:
    return db.session.get(o.Organisation, cast.places[name])


# names: S-4.13


def test_a_station_and_its_points_bear_the_signboard_names(as_: Any, cast: Any) -> None:
    sam = as_("sam")
    station = service.open_station(commands.OpenStation(clock.today(), "township_office"), office("hilltown", cast), sam)
    assert (station.name, station.short_name) == ("countyhilltown社会工作服务站", "hilltown社工站")
    assert station.path == f"{cast.paths['hilltown']}s2/"  # numbers are not used twice
    with pytest.raises(Invalid) as refused:
        service.open_point(commands.OpenPoint(EAST, "点", clock.today()), station, sam)  # a village of another township
    assert "division_code" in refused.value.fields
    names = {}
    for village, ending in ((EAST, "点"), (WEST, "室")):
        point = service.open_point(commands.OpenPoint(village, ending, clock.today(), "day_care"), office("Riverside", cast), sam)
        names[ending] = (point.name, point.short_name)
    assert names == {
        "点": ("rivertownEast village社会工作服务点", "East village社工点"),
        "室": ("rivertownWest village社会工作服务室", "West village社工点"),
    }


def test_another_name_needs_its_reason_and_is_shown_as_such(as_: Any, cast: Any) -> None:
    sam = as_("sam")
    with pytest.raises(Invalid) as refused:
        service.open_station(commands.OpenStation(clock.today(), name="My Station"), office("hilltown", cast), sam)
    assert "name_reason" in refused.value.fields
    made = commands.OpenStation(clock.today(), name="My Station", name_reason="so approved")
    station = service.open_station(made, office("hilltown", cast), sam)
    assert (station.name, station.name_reason) == ("My Station", "so approved")
    official = queries.official_names(station)[0]
    service.edit(commands.EditOrganisation(official, "short", station.version, "no longer needed"), station, sam)
    assert station.name_reason is None


@pytest.mark.parametrize(
    ("parent", "more", "field"),
    [
        ("county", {}, "opened_on"),
        ("Riverside", {}, "opened_on"),
        ("hilltown", {"host": "day_care"}, "host"),
        ("hilltown", {"host": "nonsense"}, "host"),
    ],
)
def test_what_a_station_cannot_be(as_: Any, cast: Any, parent: str, more: Any, field: str) -> None:
    sam = as_("sam")
    with pytest.raises(Invalid) as refused:
        service.open_station(commands.OpenStation(clock.today(), **more), office(parent, cast), sam)
    assert field in refused.value.fields


def test_only_an_administrator_of_the_place(as_: Any, cast: Any) -> None:
    for name in ("ann", "bo", "cora", "sec", "dee", "con"):
        actor = as_(name)
        with pytest.raises(Forbidden):
            service.open_station(commands.OpenStation(clock.today()), office("hilltown", cast), actor)
    places.set_row(o.GrantPlace, (cast.grants["sam"], cast.places["province"]), path=cast.paths["county"])
    sam = as_("sam")
    with pytest.raises(NotFound):
        service.open_station(commands.OpenStation(clock.today()), office("fartown", cast), sam)
    with pytest.raises(NotFound):
        queries.one(cast.places["Faraway"], sam)


# contractors


def test_a_station_is_run_by_a_contractor_that_its_bureau_buys_from(as_: Any, cast: Any) -> None:
    sam = as_("sam")
    command = commands.RegisterContractor("Good Works", "91350100M000100Y43", cast.places["county"], clock.today())
    made = service.register_contractor(command, office("county", cast), sam)
    made_id = made.id
    with pytest.raises(Conflict):
        service.register_contractor(command, office("county", cast), sam)
    wrong = commands.RegisterContractor("Other Works", "91350100M000100Y43", cast.places["city"], clock.today())
    with pytest.raises(Invalid):
        service.register_contractor(wrong, office("city", cast), sam)
    db.session.commit()
    sam = as_("sam")  # from the next request on it lies in the scope
    assert sam.covers("/c/91350100m000100y43/") and queries.one(made_id, sam).name == "Good Works"
    row = office("Riverside", cast)
    edit = commands.EditOrganisation("Riverside station", "Riverside", row.version, "so approved", contractor_id=made_id)
    service.edit(edit, row, sam)
    assert [station.id for station in queries.stations_run_by(db.session.get(o.Organisation, made_id))] == [row.id]
    for contractor in (cast.places["contractor"], cast.places["county"]):
        with pytest.raises(Invalid) as refused:
            service.edit(
                commands.EditOrganisation("Riverside station", "x", row.version, "x", contractor_id=contractor), row, sam
            )
        assert "contractor_id" in refused.value.fields
    buyer = db.session.get(o.Organisation, made_id)
    with pytest.raises(Conflict, match="runs stations"):
        service.close(commands.CloseOrganisation(clock.today(), "gone", buyer.version), buyer, sam)
    service.edit(commands.EditOrganisation("Riverside station", "x", row.version, "so approved"), row, sam)
    service.edit(commands.EditOrganisation("Better Works", "Better", buyer.version), buyer, sam)
    service.close(commands.CloseOrganisation(clock.today(), "gone", buyer.version), buyer, sam)
    assert (buyer.name, buyer.closed_on) == ("Better Works", clock.today())


# moving


def everything_of(path: str) -> dict[str, int]:
    """Rows per table whose path lies at or under a place."""
    found = {}
    with system_session("look") as session:
        for table, column in paths.tables_with_paths():
            count = session.scalar(select(func.count()).select_from(table).where(column >= path, column < path[:-1] + "0"))
            if count:
                found[f"{table.name}.{column.name}"] = count
    return found


def test_every_row_of_a_person_has_a_path_that_a_move_rewrites() -> None:
    moved = {table.name for table, _column in paths.tables_with_paths()}
    persons = {mapper.local_table.name for mapper in db.Model.registry.mappers if issubclass(mapper.class_, OfPerson)}
    assert persons and persons <= moved
    named = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if "path" in column.name and column.name not in paths.COLUMNS
    }
    assert named == set(), "a path column that a move would leave behind"


def test_moving_a_station_takes_everything_below_along(as_: Any, cast: Any) -> None:
    with system_session("a life", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Old Wang", worker_id=cast.users["bo"])
        rows.visit(session, person, cast.users["bo"], date(2026, 9, 1))
        case = rows.case(session, person, cast.users["bo"])
        rows.assigned(session, case, cast.users["ben"], "named")
        session.add(t.Counter(place=cast.paths["Riverside"], series="client", value=7))
        person_id, case_id = person.id, case.id
    places.put("service_point", "rivertownEast village社会工作服务点", cast.paths["Riverside"], "p1", EAST)
    old, new = cast.paths["Riverside"], f"{cast.paths['hilltown']}s2/"  # Hillside is s1 already
    before, beside = everything_of(old), everything_of(cast.paths["Hillside"])
    assert {
        "client.station_path",
        "visit.station_path",
        "case.station_path",
        "file_access.station_path",
        "grant_place.path",
    } <= before.keys()
    sam = as_("sam")
    row = office("Riverside", cast)
    service.move(
        commands.MoveOrganisation(cast.places["hilltown"], "the townships were merged", row.version),
        row,
        office("hilltown", cast),
        sam,
    )
    db.session.commit()
    assert everything_of(old) == {}
    assert everything_of(new) == before and everything_of(cast.paths["Hillside"]) == beside
    moved = places.at(new)
    assert (moved.id, moved.division_code, moved.name) == (cast.places["Riverside"], HILL, "countyhilltown社会工作服务站")
    assert places.at(f"{new}p1/").name == "hilltownEast village社会工作服务点"
    # who worked there goes on, the old township no longer reads it, the new one does
    bo = as_("bo")
    assert bo.paths == (new,)
    assert db.session.get(c.Client, person_id).station_path == new and db.session.get(c.Case, case_id) is not None
    assert as_("tao") and db.session.get(c.Client, person_id) is None
    places.set_row(o.GrantPlace, (cast.grants["tao"], cast.places["rivertown"]), path=cast.paths["hilltown"])
    assert as_("tao") and db.session.get(c.Client, person_id) is not None
    assert as_("hal") and db.session.get(c.Client, person_id) is None
    with system_session("trail") as session:
        entry = session.scalars(select(t.AuditEntry).where(t.AuditEntry.event == "organisation.moved")).one()
        assert entry.reason == "the townships were merged" and entry.user_id == cast.users["sam"]


def test_a_county_may_report_to_the_province_itself(as_: Any, cast: Any) -> None:
    sam = as_("sam")
    row = office("county", cast)
    service.move(
        commands.MoveOrganisation(cast.places["province"], "managed by the province", row.version),
        row,
        office("province", cast),
        sam,
    )
    db.session.commit()
    assert places.at("/22/222403/222403101/s1/").id == cast.places["Riverside"]
    assert as_("cyr").covers("/22/222403/") is False and as_("cora").paths == ("/22/222403/",)


def test_what_does_not_move(as_: Any, cast: Any) -> None:
    sam = as_("sam")
    for name, to in (("Riverside", "county"), ("Riverside", "rivertown"), ("hilltown", "Riverside"), ("county", "rivertown")):
        row = office(name, cast)
        with pytest.raises(Invalid) as refused:
            service.move(commands.MoveOrganisation(cast.places[to], "x", row.version), row, office(to, cast), sam)
        assert "parent_id" in refused.value.fields, (name, to)
    row = office("Riverside", cast)
    with pytest.raises(Conflict):
        service.move(commands.MoveOrganisation(cast.places["hilltown"], "x", row.version + 1), row, office("hilltown", cast), sam)
    for name in ("ann", "cora", "sec"):
        actor, row = as_(name), office("Riverside", cast)
        with pytest.raises(Forbidden):
            service.move(
                commands.MoveOrganisation(cast.places["hilltown"], "x", row.version), row, office("hilltown", cast), actor
            )
    places.set_row(o.Organisation, cast.places["hilltown"], closed_on=clock.today())
    sam = as_("sam")
    row = office("Riverside", cast)
    with pytest.raises(Invalid):
        service.move(commands.MoveOrganisation(cast.places["hilltown"], "x", row.version), row, office("hilltown", cast), sam)


# closing


def close(name: str, cast: Any, actor: Any, on: date | None = None) -> Any:
    row = office(name, cast)
    return service.close(commands.CloseOrganisation(on or clock.today(), "no longer needed", row.version), row, actor)


def test_a_station_closes_only_when_nothing_and_nobody_is_left(as_: Any, cast: Any) -> None:
    with system_session("a person", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Old Wang").id
    point = places.put("service_point", "Point", cast.paths["Riverside"], "p1", EAST)

    def refused(part: str) -> None:
        with pytest.raises(Conflict, match=part):
            close("Riverside", cast, as_("sam"))

    refused("still open")
    places.set_row(o.Organisation, point, closed_on=clock.today())
    refused("still on file")
    db.session.rollback()
    with system_session("leaves", write=True) as session:
        session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == person)).one().to_on = clock.today()
    refused("Roles on it")
    for name in ("ann", "bo", "ben", "chen"):
        places.set_row(o.Grant, cast.grants[name], state="ended")
    for day in (clock.today() + timedelta(days=1), date(2020, 1, 1)):
        with pytest.raises(Invalid):
            close("Riverside", cast, as_("sam"), day)
    assert close("Riverside", cast, as_("sam")).closed_on == clock.today()
    db.session.commit()
    refused("closed already")
    with pytest.raises(Conflict, match="importing"):
        close("rivertown", cast, as_("sam"))
