"""Months as releases of their own: on the command line, on pages, in files; and beside their quarter in either order."""

import csv
import io
import zipfile
from typing import Any

import pytest
from flask_babel import force_locale

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.core.errors import AppError, Conflict
from caseapp.core.periods import Month, Quarter
from caseapp.extensions import db
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics import published
from caseapp.reference.statistics import newest
from caseapp.schemas.statistics.export import MakeExport
from caseapp.services.statistics import exports
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import prepare, publish_quarter
from caseapp.services.statistics.verify import verify
from caseapp.services.statistics.verify.read import evidence
from caseapp.services.trust import audit

ON_ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # what differs between engines is in other tests
MONTHLY = {table.code for table in newest().tables if table.months}


def verified() -> list[tuple[str, list[str]]]:
    """Every release with its faults."""
    with system_session("test") as session:
        found = session.query(StatRelease).order_by(StatRelease.number)
        return [(one.period, [str(fault) for fault in verify(evidence(session, one)).faults]) for one in found]


@ON_ONE
def test_a_month_is_published_for_counties_and_above(publish: Any, as_: Any, web: Any) -> None:
    release = publish(Month(2026, 9))
    assert verified() == [("2026M09", [])]
    with system_session("test") as session:
        levels = {level for (level,) in session.query(published.StatCell.area_level).distinct()}
        tables = {table for (table,) in session.query(published.StatCell.table).distinct()}
    assert levels == {"province", "city", "county"} and tables == MONTHLY
    pia, browser = as_("pia"), web("pia")
    assert published.periods(pia) == [] and published.every_period(pia) == ["2026M09"]
    assert published.of_period(pia) is None
    with pytest.raises(AppError):
        published.of_period(pia, "2026M09")
    row = exports.make(MakeExport("sdmx", "Report"), published.release(pia, release.id), pia, "en")
    assert row.file_name == "caseapp-2026M09-1.sdmx.zip"
    with zipfile.ZipFile(io.BytesIO(row.content)) as folder:
        lines = list(csv.DictReader(io.StringIO(folder.read("data/on_file_age.csv").decode())))
    assert {line["TIME_PERIOD"] for line in lines} == {"2026-M09"}
    page = browser.get("/statistics/tables/on_file_age?period=2026M09")
    assert "counties and above only" in page.words and "September 2026" in page.words
    with force_locale("zh"):
        assert (exports.quarter_words("2026M09"), exports.reach_words("2026Q3")) == ("2026年9月", "")
        assert exports.reach_words("2026M09") == "月报只公布到县（市、区）级及以上。"
    browser.get("/statistics/tables/on_file_sex?period=2026M09", status=404)
    browser.get("/statistics/?period=2026M09", status=404)
    assert "2026M09" in browser.get(f"/statistics/releases/{release.id}").words


@ON_ONE
def test_months_before_and_after_their_quarter_are_looked_at_with_it(publish: Any, as_: Any) -> None:
    """Only where all of its months were counted: what nobody counted nobody can guard."""
    for number in (7, 9):
        refresh(Month(2026, number))
    publish(Month(2026, 7))
    with pytest.raises(Conflict) as told:
        publish(Quarter(2026, 3))
    assert "2026M08" in str(told.value.message)
    db.session.rollback()
    refresh(Month(2026, 8))
    publish(Quarter(2026, 3))
    maker, checker = as_("pia"), as_("pat")
    db.session.rollback()
    guard.bind(db.session, maker)
    audit.begin(db.session)
    publish_quarter(Month(2026, 9), "end of month", maker, checker, effort=Effort(1, 1))
    db.session.commit()
    assert verified() == [("2026M07", []), ("2026Q3", []), ("2026M09", [])]
    with pytest.raises(Conflict):
        prepare(Month(2026, 9), "once more", maker, corrects=True)
