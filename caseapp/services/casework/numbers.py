"""Running numbers of files, cases and households: per place and series, never reused, gaps allowed."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.models.trust import Counter

WIDTH = 4


def next_value(place: str, series: str) -> int:
    """The next number of a series at a place, in the request's own transaction; two at once wait for each other."""
    table: Any = Counter.__table__
    insert = sqlite_insert if db.session.get_bind().dialect.name == "sqlite" else pg_insert
    first = insert(table).values(place=place, series=series, value=0).on_conflict_do_nothing()
    connection = db.session.connection()
    connection.execute(first)
    step = update(table).where(table.c.place == place, table.c.series == series)
    found: int = connection.execute(step.values(value=table.c.value + 1).returning(table.c.value)).scalar_one()
    return found


def hold(place: str, series: str) -> None:
    """Makes others who come for the same wait until this request ends: what two check at the same moment, both would pass."""
    table: Any = Counter.__table__
    insert = sqlite_insert if db.session.get_bind().dialect.name == "sqlite" else pg_insert
    first = insert(table).values(place=place, series=series, value=0)
    again = first.on_conflict_do_update(index_elements=["place", "series"], set_={"value": table.c.value})
    db.session.connection().execute(again)


def next_number(station: Organisation, series: str, year: int | None = None) -> str:
    """A printed number such as `EL-222403101-2026-0117`: series, the station's division and place, year, running number."""
    year = year or clock.today().year
    mark = station.path.strip("/").split("/")[-1]
    division = (station.division_code or "")[:9]
    return f"{series}-{division}{mark if mark != 's1' else ''}-{year}-{next_value(station.path, f'{series}-{year}'):0{WIDTH}d}"
