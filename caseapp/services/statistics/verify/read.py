"""The evidence of a stored release, read in a system session by a command: by queries of its own, not by those that made it."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from caseapp.core.periods import Quarter, edition
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import certificates
from caseapp.services.statistics.verify.evidence import Earlier, Evidence


def evidence(session: Any, release: StatRelease) -> Evidence:
    """Everything that one release is verified with. A certificate that is missing or was altered is empty bytes."""
    areas = publication.read(release.areas)
    try:
        certificate = certificates.read(session, release.id) or b""
    except (InvalidTag, KeyError):  # altered, or sealed under a key that is gone: the verdict says that it cannot be read
        certificate = b""
    before = _before(release.period)
    stocks = ()
    told = select(StatRelease).where(StatRelease.period == before).order_by(StatRelease.number.desc()).limit(1)
    if before and (earlier := session.scalar(told)) is not None:
        stocks = tuple(_facts(session, edition(before, earlier.edition)))
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
        facts=_facts(session, edition(release.period, release.edition)),
        shown=_shown(session, release),
        certificate=certificate,
        contractors={str(station): str(contractor) for station, contractor in contractors},
        before=stocks,
        earlier=tuple(
            Earlier(_facts(session, edition(one.period, one.edition)), _shown(session, one))
            for one in session.scalars(
                select(StatRelease)
                .where(StatRelease.period == release.period, StatRelease.number < release.number)
                .order_by(StatRelease.number)
            )
        ),
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
