"""From true rows to a frozen release on both engines: what is counted, what is hidden, what never changes again."""

import csv
import io
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.periods import Quarter
from caseapp.models import casework as c
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.reference.statistics import newest
from caseapp.services.statistics import files
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import prepare
from caseapp.services.statistics.release.chain import cells_sha
from caseapp.services.statistics.release.make import make
from tests import rows
from tests.services.statistics.fixtures import Q3


def facts(measure: str, period: str = "2026Q3", **dims: str) -> int:
    """The sum of the true facts of a measure: in all, or of one value."""
    with system_session("test") as session:
        found = session.execute(
            select(StatFact.value, StatFact.dims).where(StatFact.measure == measure, StatFact.period == period)
        ).all()
    return sum(value for value, held in found if (held or {}) == dims)


def cells(release: StatRelease) -> dict[tuple[str, str, str], str]:
    """(table, area, dims key) → what is shown."""
    with system_session("test") as session:
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown)
        return {(t, a, d): shown for t, a, d, shown in session.execute(query.where(StatCell.release_id == release.id))}


def test_a_refresh_counts_persons_and_attendances_and_repeats_itself(county: Any) -> None:
    first = refresh(Q3)
    with system_session("test") as session:
        people = session.scalar(select(func.count()).where(c.Enrolment.to_on.is_(None)))
        attended = session.scalar(
            select(func.count()).where(c.VisitPerson.happened_on.between(date(2026, 7, 1), date(2026, 9, 30)))
        )
    assert facts("on_file") == people
    assert facts("visits") == attended
    assert 0 < facts("visited") < facts("visits")
    before = {m: facts(m) for m in ("on_file", "visits", "visited", "duty", "hours", "cases_active")}
    assert refresh(Q3) == first
    assert {m: facts(m) for m in before} == before


def test_one_human_at_two_stations_counts_once(county: Any) -> None:
    with system_session("test", write=True) as session:
        for station in ("Riverside", "Faraway"):
            person = rows.client(session, county, station, "Twice", birth_on=date(1941, 1, 2))
            paper = c.IdentityDocument(
                client_id=person.id, kind="resident", number_index=b"one and the same", created_at=clock.now()
            )
            paper.belongs_to(person)
            session.add(paper)
    refresh(Q3)
    with system_session("test") as session:
        assert facts("on_file") == session.scalar(select(func.count()).where(c.Enrolment.to_on.is_(None))) - 1


def test_a_voided_visit_leaves_the_open_period_and_not_the_released_one(county: Any, publish: Any) -> None:
    refresh(Q3)
    before = facts("visits")
    void = update(c.VisitPerson).values(voided=True)
    with system_session("test", write=True) as session:
        some = session.scalars(select(c.VisitPerson.id).order_by(c.VisitPerson.id).limit(7)).all()
        session.execute(void.where(c.VisitPerson.id.in_(some)))
    refresh(Q3)
    assert facts("visits") == before - 7
    release = publish()
    shown = cells(release)
    with system_session("test", write=True) as session:
        session.execute(void)
    with pytest.raises(Conflict):
        refresh(Q3)
    assert cells(release) == shown
    assert facts("visits") == before - 7


def test_the_monthly_rate_is_the_mean_of_three_months(county: Any, publish: Any) -> None:
    """40 of the hardship group on file in each month; met at home or by phone: 40, 20 and none."""
    with system_session("test", write=True) as session:
        for model in (c.TargetTag, c.VisitPerson, c.ServiceRecord, c.Visit):
            session.query(model).delete()
        session.execute(update(c.Enrolment).where(c.Enrolment.to_on.is_(None)).values(from_on=date(2025, 1, 5)))
        clients = session.scalars(select(c.Client).where(c.Client.station_path == county.paths["Riverside"]).limit(40)).all()
        for number, client in enumerate(clients):
            tag = c.TargetTag(
                client_id=client.id, code="EL03", status="confirmed", from_on=date(2025, 1, 1), created_at=clock.now()
            )
            tag.belongs_to(client)
            session.add(tag)
            rows.visit(session, client, county.users["bo"], date(2026, 7, 1) + timedelta(days=number % 31))
            if number % 2:
                rows.visit(session, client, county.users["bo"], date(2026, 8, 9))
            else:  # the family only, and the person at the office: neither is the monthly visit
                rows.visit(session, client, county.users["bo"], date(2026, 8, 9), "family_only")
                visit = rows.visit(session, client, county.users["bo"], date(2026, 9, 9))
                visit.kind = "office"
    shown = cells(publish())
    assert shown["visit_rate", "222403101000", ""] == "50.0"
    assert shown["duty_met", "222403101000", ""] == "120"
    assert shown["duty_met", "222403101000", "met=met"] == "60"
    assert shown["visit_rate", "222403102000", ""] == "-", "nobody due, so there is no rate"


def test_small_cells_are_hidden_with_company(publish: Any) -> None:
    """The plainest rule of protection, checked against the true facts and not by the code that hides."""
    release = publish()
    shown, catalogue = cells(release), newest()
    level = {area["code"]: area for area in release.areas}
    parents = {area["code"]: area["parent"] for area in release.areas}
    true: Counter[tuple[str, str, str]] = Counter()
    chains = {root: code for code, area in level.items() for root in area["roots"]}
    with system_session("test") as session:
        for fact in session.scalars(select(StatFact).where(StatFact.period == "2026Q3")):
            code = chains.get(fact.area)
            while code:
                true[fact.measure, code, fact.dims_key] += fact.value
                code = parents[code]
    hidden_small = 0
    for table in catalogue.tables:
        if table.derived or table.magnitude:
            continue
        for area in (code for code, facts_of in level.items() if facts_of["level"] in table.levels):
            row = {}
            for values in table.cells():
                key = table.dims_key(*(value.code for value in values))
                number = true[table.measure, area, key]
                said = shown[table.code, area, key]
                row[key] = said
                assert said == "*" or int(said) == number, (table.code, area, key)
                if 0 < number < max(value.k for value in values):
                    hidden_small += 1
                    assert said == "*", (table.code, area, key, number)
            total = shown[table.code, area, ""]
            alone = [key for key, said in row.items() if said == "*"]
            others = [key for key in row if key not in alone and true[table.measure, area, key]]
            if total != "*" and len(alone) == 1 and not table.dimensions[0].overlap:
                assert not others, f"{table.code} {area}: {alone} follows from the total"
    assert hidden_small > 20


def test_townships_under_thirty_persons_are_merged_and_stay_so_for_the_year(publish: Any) -> None:
    release = publish()
    merged = [area for area in release.areas if len(area["roots"]) > 1]
    assert [area["roots"] for area in merged] == [["222403103000", "222403104000"]]
    assert not any(area["code"] == "222403104000" for area in release.areas)
    assert {key[1] for key in cells(release) if key[1].startswith("2224031")} == {"222403101000", "222403102000"}


def test_no_station_is_told_apart(publish: Any) -> None:
    """Bureaus read townships and above: no cell belongs to a station, no file names one."""
    release = publish()
    with system_session("test") as session:
        levels = set(session.scalars(select(StatCell.area_level).where(StatCell.release_id == release.id)))
        text = b"".join(files.files(session, release).values()).decode()
        stations = session.scalars(select(Organisation).where(Organisation.kind == "station")).all()
        named = [word for row in stations for word in (str(row.id), row.path, row.path.split("/")[-2]) if word in text]
    assert levels == {"province", "city", "county", "township"}
    assert stations and named == []


def test_the_files_are_the_same_bytes_again_and_hold_no_hidden_number(publish: Any) -> None:
    release = publish()
    with system_session("test") as session:
        release = session.get(StatRelease, release.id)
        first, second = files.files(session, release), files.files(session, release)
    assert first == second
    said = json.loads(first["release.json"])
    assert said["protection"]["en"] == "Disclosure-controlled"
    assert said["loss"]["hidden"] > 0
    table = list(csv.DictReader(io.StringIO(first["on_file_age.csv"].decode())))
    assert {"geo", "age_band", "period", "count"} == set(table[0])
    assert all(row["count"] == "*" or row["count"].isdigit() for row in table)


def test_two_releases_of_the_same_rows_say_the_same(publish: Any) -> None:
    """Nothing random: made anew from the same facts, the cells and their certificate have the same hash."""
    release = publish()
    with system_session("test") as session:
        made = [make(session, Q3, lambda _percent, _step: None) for _turn in range(2)]
    assert made[0].rows == made[1].rows and made[0].certificate == made[1].certificate
    assert cells_sha(made[0].rows) == release.cells_sha256


def test_a_release_is_refused_when_it_must_not_be(county: Any, publish: Any, as_: Any) -> None:
    cora = as_("cora")
    refresh(Q3)
    with pytest.raises(Forbidden):
        prepare(Q3, "mine", cora)
    with pytest.raises(Forbidden):
        prepare(Q3, "mine", as_("bo"))
    pia = as_("pia")
    with pytest.raises(Conflict, match="not over"):
        prepare(Quarter(2026, 4), "too early", pia)
    with pytest.raises(Conflict, match="refresh"):
        prepare(Quarter(2026, 2), "nothing counted", pia)
    publish()
    with pytest.raises(Conflict, match="released"):
        prepare(Q3, "again", as_("pia"))
