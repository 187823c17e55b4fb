"""Publishes one quarter for the whole deployment: frozen, protected, once."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.system import joined, system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.periods import Quarter
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatCell, StatFact, StatRelease
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import LEVELS, newest
from caseapp.services.statistics import areas as publication
from caseapp.services.statistics import certificates
from caseapp.services.statistics.cells import HIDDEN, Fact, Published, publish
from caseapp.services.trust import audit


def publish_quarter(period: Quarter, reason: str, actor: Actor) -> StatRelease:
    """The protected cells of a quarter stand in the database for bureaus to read, and never change again.

    The highest bureau of the deployment may. Refuses a quarter that is not over, has no facts from after its end, or is
    released already. Leaves a named event in the trail.
    """
    policy.require(actor, Permission.FIGURES_READ)
    if period.last_day >= clock.today():
        raise Conflict(_l("This quarter is not over yet."), "period")
    if db.session.scalar(select(StatRelease.id).where(StatRelease.period == str(period))):
        raise Conflict(_l("This quarter is released; its figures no longer change."), "period", code="released")
    catalogue = newest()
    with system_session(f"statistics release {period}") as session:
        require_highest(session, actor)
        nodes = places(session).nodes
        facts, cut_off, digest = _facts(session, period)
        earlier = session.scalars(
            select(StatRelease).where(StatRelease.period.startswith(f"{period.year}Q")).order_by(StatRelease.number.desc())
        ).first()
        held = publication.read(earlier.areas) if earlier else ()
        number = (session.scalar(select(func.max(StatRelease.number))) or 0) + 1
    on_file: dict[str, int] = {}
    for fact in facts:
        if fact.measure == "on_file" and not fact.key:
            on_file[fact.area] = on_file.get(fact.area, 0) + fact.value
    published_areas = publication.areas(nodes, on_file, catalogue.area_minimum, held)
    protected = publish(catalogue, str(period), published_areas, publication.cover(published_areas, nodes), facts)
    cells = protected.cells
    release = StatRelease(
        period=str(period),
        number=number,
        catalogue_version=catalogue.version,
        cut_off_on=cut_off,
        published_at=clock.now(),
        made_by_id=actor.user_id,
        params={
            "threshold": catalogue.threshold,
            "contributors": catalogue.contributors,
            "area_minimum": catalogue.area_minimum,
            "facts_mark": digest,
        },
        areas=[area.plain() for area in published_areas],
        cells_sha256=_sha(cells),
        cells=len(cells),
        hidden=sum(cell.shown == HIDDEN for cell in cells),
        report=_loss(cells),
    )
    db.session.add(release)
    db.session.flush()
    if protected.certificate:
        with joined("the certificate of a release") as session:
            certificates.keep(session, release.id, protected.certificate)
    rows = [_row(release, place, cell) for place, cell in enumerate(cells)]
    for start in range(0, len(rows), 2000):
        db.session.execute(insert(StatCell), rows[start : start + 2000])
    audit.record(db.session, "statistics.released", reason=f"{period}: {reason}")
    db.session.flush()
    return release


def require_highest(session: Any, actor: Actor) -> None:
    """Refuses everybody but the highest bureau of the deployment."""
    highest = session.scalar(
        select(Organisation.id).where(Organisation.kind.in_(LEVELS)).order_by(func.length(Organisation.path)).limit(1)
    )
    if actor.organisation_id != highest:
        raise Forbidden(_l("A release is made by the highest bureau of this installation."))


def _facts(session: Any, period: Quarter) -> tuple[list[Fact], Any, str]:
    names = [str(period), *(name for name, _first, _last in period.months())]
    query = (
        select(
            StatFact.measure,
            StatFact.period,
            StatFact.area,
            StatFact.value,
            StatFact.persons,
            StatFact.refreshed_at,
            StatFact.station_id,
            StatFact.dims_key,
        )
        .where(StatFact.period.in_(names))
        .order_by(StatFact.measure, StatFact.period, StatFact.area, StatFact.station_id, StatFact.dims_key)
    )
    rows = session.execute(query).all()
    cut_off = clock.local(max(row.refreshed_at for row in rows)).date() if rows else None
    if cut_off is None or cut_off <= period.last_day:
        raise Conflict(_l("Run the refresh of this quarter after its end first."), "period", code="no_facts")
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.measure},{row.period},{row.area},{row.station_id},{row.dims_key},{row.value}\n".encode())
    # keyed: a bare hash of true numbers could be tried out by somebody who lacks only a few of them
    mark = keys.ring().index("statistics facts", digest.hexdigest()).hex()
    facts = [Fact(row.measure, row.period, row.area, row.dims_key, row.value, row.persons, str(row.station_id)) for row in rows]
    return facts, cut_off, mark


def _sha(cells: Sequence[Published]) -> str:
    digest = hashlib.sha256()
    for cell in cells:
        digest.update(f"{cell.table.code},{cell.area.code},{cell.dims_key},{cell.shown}\n".encode())
    return digest.hexdigest()


def _loss(cells: Sequence[Published]) -> dict[str, Any]:
    """Per table: how many cells there are, how many of them are not shown, and in what share of the areas."""
    found: dict[str, Any] = {}
    for cell in cells:
        table = found.setdefault(cell.table.code, {"cells": 0, "hidden": 0, "areas": set(), "touched": set()})
        table["cells"] += 1
        table["areas"].add(cell.area.code)
        if cell.shown == HIDDEN:
            table["hidden"] += 1
            table["touched"].add(cell.area.code)
    return {code: {**table, "areas": len(table["areas"]), "touched": len(table["touched"])} for code, table in found.items()}


def _row(release: StatRelease, position: int, cell: Published) -> dict[str, Any]:
    return {
        "release_id": release.id,
        "table": cell.table.code,
        "area": cell.area.code,
        "dims_key": cell.dims_key,
        "area_path": cell.area.path,
        "area_level": cell.area.level,
        "area_name": cell.area.name,
        "parent_area": cell.area.parent,
        "position": position,
        "dims": cell.dims or None,
        "shown": cell.shown,
    }
