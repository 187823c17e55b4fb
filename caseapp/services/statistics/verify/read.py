"""The evidence of a stored release, read in a system session by a command: by queries of its own, not by those that made it."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from caseapp.core.periods import Month, Quarter, edition, ends_with, read_period
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import versions
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import certificates
from caseapp.services.statistics.verify.evidence import Beside, Earlier, Evidence


def evidence(session: Any, release: StatRelease) -> Evidence:
    """Everything that one release is verified with. A certificate that is missing or was altered is empty bytes."""
    areas = publication.read(release.areas)
    try:
        certificate = certificates.read(session, release.id) or b""
    except (InvalidTag, KeyError):  # altered, or sealed under a key that is gone: the verdict says that it cannot be read
        certificate = b""
    earlier = session.scalars(select(StatRelease).where(StatRelease.number < release.number).order_by(StatRelease.number)).all()
    out = {one.period: one for one in earlier}  # the last of each period
    contractors = session.execute(
        select(Organisation.id, Organisation.contractor_id).where(
            Organisation.kind == "station", Organisation.contractor_id.is_not(None)
        )
    )
    return Evidence(
        catalogue=versions()[release.catalogue_version].issue(release.period),
        period=release.period,
        areas=areas,
        chains=publication.cover(areas, places(session).nodes),
        facts=_facts(session, edition(release.period, release.edition)),
        shown=_shown(session, release),
        certificate=certificate,
        contractors={str(station): str(contractor) for station, contractor in contractors},
        before=_stocks(session, release.period, out, is_tied=bool(_quarter(release.period, out))),
        earlier=tuple(
            Earlier(_facts(session, edition(one.period, one.edition)), _shown(session, one))
            for one in earlier
            if one.period == release.period
        ),
        beside=tuple(_beside(session, release, name, out) for name in _quarter(release.period, out)),
    )


def _quarter(period: str, out: Mapping[str, StatRelease]) -> list[str]:
    """The other periods of its quarter, where the quarter and a month of it were out or came out with this release."""
    span = read_period(period)
    quarter = span if isinstance(span, Quarter) else span.quarter
    months = [name for name, _first, _last in quarter.months()]
    is_tied = any(month in out for month in months) if period == str(quarter) else str(quarter) in out
    return [name for name in (str(quarter), *months) if name != period] if is_tied else []


def _beside(session: Any, release: StatRelease, period: str, out: Mapping[str, StatRelease]) -> Beside:
    there = out.get(period)
    return Beside(
        period,
        versions()[release.catalogue_version].issue(period),
        _facts(session, edition(period, there.edition if there else 0)),
        _shown(session, there) if there else {},
        _stocks(session, period, out, is_tied=True),
    )


def _stocks(session: Any, period: str, out: Mapping[str, StatRelease], *, is_tied: bool) -> Sequence[Any]:
    """The facts of the period before, of the same kind or ending on the same day, that was out; nothing where it is looked at too."""
    span = read_period(period)
    before = span.before()
    if isinstance(before, Month) and isinstance(span, Month) and before.quarter == span.quarter and is_tied:
        return ()
    alike = ends_with(before)
    told = next((out[str(one)] for one in (before, alike) if one is not None and str(one) in out), None)
    return tuple(_facts(session, edition(told.period, told.edition))) if told else ()


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
