"""The evidence of a stored release, read in a system session by a command: by queries of its own, not by those that made it."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from caseapp.core.periods import Quarter
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import certificates
from caseapp.services.statistics.verify.evidence import Evidence


def evidence(session: Any, release: StatRelease) -> Evidence:
    """Everything that one release is verified with. A certificate that is missing or was altered is empty bytes."""
    areas = publication.read(release.areas)
    try:
        certificate = certificates.read(session, release.id) or b""
    except (InvalidTag, KeyError):  # altered, or sealed under a key that is gone: the verdict says that it cannot be read
        certificate = b""
    before = _before(release.period)
    stocks = ()
    if before and session.scalar(select(StatRelease.id).where(StatRelease.period == before).limit(1)):
        stocks = tuple(_facts(session, before))
    contractors = session.execute(
        select(Organisation.id, Organisation.contractor_id).where(
            Organisation.kind == "station", Organisation.contractor_id.is_not(None)
        )
    )
    return Evidence(
        catalogue=versions()[release.catalogue_version],
        period=release.period,
        areas=areas,
        chains=publication.cover(areas, places(session).nodes),
        facts=_facts(session, release.period),
        shown=_shown(session, release),
        certificate=certificate,
        contractors={str(station): str(contractor) for station, contractor in contractors},
        before=stocks,
    )


def _before(period: str) -> str | None:
    return str(Quarter.read(period).before())


def _facts(session: Any, period: str) -> Sequence[Any]:
    rows = session.execute(
        select(
            StatFact.measure,
            StatFact.area,
            StatFact.station_id,
            StatFact.dims_key,
            StatFact.value,
            StatFact.persons,
            StatFact.largest,
        ).where(StatFact.period == period)
    )
    names: dict[Any, str] = {}
    found = []
    for measure, area, station, key, value, persons, largest in rows:
        if station not in names:
            names[station] = str(station)
        found.append(
            SimpleNamespace(
                measure=measure, area=area, station=names[station], key=key, value=value, persons=persons, largest=largest
            )
        )
    return found


def _shown(session: Any, release: StatRelease) -> dict[tuple[str, str, str], str]:
    rows = session.execute(
        select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown).where(StatCell.release_id == release.id)
    )
    return {(table, area, key): shown for table, area, key, shown in rows}
