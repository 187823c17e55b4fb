"""A release with its cells, an export of it, and one on its way."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import statistics as s
from caseapp.reference.statistics import key_of, newest
from caseapp.services.statistics.release import kept
from caseapp.services.statistics.release.make import Made
from tests.cast import PLACES as CAST
from tests.cast import Cast
from tests.laid.added import added

LAST = ("Riverside", "twin", "restricted", "minor", "Hillside", "Faraway")


def release(session: Session) -> s.StatRelease:
    """A published quarter: every table of the catalogue for every area of the cast that has figures."""
    catalogue, cells = newest(), []
    areas = [(name, row) for name, row in CAST.items() if row[0] in ("province", "city", "county", "township")]
    for table in catalogue.tables:
        for values in ((), *table.cells()):
            dims = table.dims(*(value.code for value in values))
            cells += [
                s.StatCell(
                    table=table.code,
                    area=code,
                    dims_key=key_of(dims),
                    dims=dims or None,
                    area_path=path,
                    area_level=level,
                    area_name=label,
                    parent_area=CAST[parent][3] if parent else None,
                    shown="40",
                )
                for _name, (level, parent, path, code, label) in areas
            ]
    release = s.StatRelease(
        period="2026Q2",
        number=1,
        catalogue_version=catalogue.version,
        cut_off_on=date(2026, 7, 10),
        published_at=clock.now(),
        cells_sha256="0" * 64,
        cells=len(cells),
        hidden=0,
    )
    added(session, release)
    for position, cell in enumerate(cells):
        cell.release_id, cell.position = release.id, position
    session.add_all(cells)
    session.flush()
    return release


def export(session: Session, cast: Cast, release: s.StatRelease, reader: str) -> UUID:
    export = s.StatExport(
        release_id=release.id,
        grant_id=cast.grants[reader],
        user_id=cast.users[reader],
        path="/22/",
        format="csv",
        purpose="laid",
        made_at=clock.now(),
        file_name="laid.csv",
        media_type="text/csv; charset=utf-8",
        content=b"laid",
        sha256="0" * 64,
    )
    return added(session, export)


def preparation(session: Session, cast: Cast, place: str) -> UUID:
    """A release on its way that Pat has prepared and that waits for Pia; one quarter for each place, long ago."""
    number = list(LAST).index(place)
    cells = [("on_file_age", "220000000000", "", "40")]
    row = s.StatPreparation(
        path="/22/",
        period=f"202{number}Q1",
        state="ready",
        reason="laid",
        made_by_id=cast.users["pat"],
        made_by="Pat",
        made_at=clock.now(),
    )
    made = Made(
        catalogue_version=newest().version,
        cut_off=date(2026, 4, 10),
        facts_mark="0" * 32,
        past_head="",
        params={},
        areas=[],
        rows=cells,
        report={},
        gate={},
        certificate=b"",
    )
    kept.put(row, made)
    return added(session, row)
