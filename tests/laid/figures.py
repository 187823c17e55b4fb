"""A release with its cells, an export of it, and one on its way."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import statistics as s
from caseapp.reference.statistics import key_of, newest
from caseapp.services.statistics.release import kept
from caseapp.services.statistics.release.make import Made
from tests.cast import PEOPLE, Cast
from tests.cast import PLACES as CAST
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
    for _name, (_level, _parent, path, code, _label) in areas:
        explored(session, release, code, path)
    session.flush()
    return release


def explored(session: Session, release: s.StatRelease, area: str, path: str) -> None:
    """The stored answers of two questions about an area: how many are on file, and of each sex."""
    common = {"release_id": release.id, "measure": "on_file", "area": area, "area_path": path}
    sexes = {f"sex={value.code}": "20" for value in newest().dimensions["sex"].values}
    session.add_all(s.StatNoise(**common, dims=dims, answers=told) for dims, told in (("", {"": "40"}), ("sex", sexes)))


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
        watermark="0f1e2d3c4b5a",
    )
    return added(session, export)


def question(session: Session, cast: Cast, release: s.StatRelease, reader: str) -> UUID:
    """What a reader asked, once, of the numbers changed by noise, about the area of their own office."""
    held = session.scalar(select(s.StatQuestion.id).where(s.StatQuestion.user_id == cast.users[reader]))
    facts = {"grant_id": cast.grants[reader], "user_id": cast.users[reader], "measure": "on_file", "dims": "sex"}
    area = CAST[PEOPLE[reader][1][0]][3]
    return held or added(session, s.StatQuestion(release_id=release.id, **facts, area=area, asked_at=clock.now()))


def preparation(session: Session, cast: Cast, place: str) -> UUID:
    """A release on its way that Pat has prepared and that waits for Pia; one quarter for each place, long ago."""
    return waiting(session, f"202{LAST.index(place)}Q1", cast.users["pat"], "Pat", "laid")


def waiting(session: Session, period: str, user_id: UUID, name: str, reason: str) -> UUID:
    """A release that somebody of the province has prepared and that waits for a colleague."""
    cells = [("on_file_age", "220000000000", "", "40")]
    row = s.StatPreparation(
        path="/22/",
        period=period,
        state="ready",
        reason=reason,
        made_by_id=user_id,
        made_by=name,
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
