"""The second person's part: looks at what was prepared, and publishes or refuses it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.access.system import joined, system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, NotFound
from caseapp.core.periods import Period, Quarter, read_period
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.statistics import StatCell, StatPreparation, StatRelease
from caseapp.reference.statistics import TableKind, versions
from caseapp.services.organisation.sign_in import confirm
from caseapp.services.statistics import certificates
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.refresh import freeze, freeze_edition
from caseapp.services.statistics.release import chain, kept
from caseapp.services.statistics.release.make import THOROUGH, last, require_highest
from caseapp.services.statistics.release.prepare import is_behind, prepare
from caseapp.services.trust import audit


def approve(preparation_id: UUID, password: str, actor: Actor, *, address: str) -> UUID:
    """A prepared release is published, by an officer of the highest bureau who did not prepare it and who gives the own
    password once more; returns its id. Its view is stamped `reading`: attempts and the release are transactions of their own.

    Refuses the maker, a wrong password (counted as at sign-in), and a preparation whose facts or past have changed since.
    """
    policy.require(actor, Permission.RELEASE_MAKE)
    if db.session.get(StatPreparation, preparation_id) is None:
        raise NotFound()
    with system_session("statistics release: may it be published") as session:
        _waiting(session, preparation_id, actor)
    confirm(actor, password, address=address)
    db.session.rollback()
    with lifted("are the facts those of the preparation"), system_session("statistics release: published", write=True) as session:
        row = _waiting(session, preparation_id, actor)
        release = published(session, row, actor)
        event = "statistics.corrected" if row.supersedes_id else "statistics.released"
        audit.record(session, event, row, reason=f"{row.period}: {row.reason}")
        audit.finish(session, actor)
        return release.id


def refuse(preparation_id: UUID, words: str, actor: Actor) -> StatPreparation:
    """A prepared release is not published, for a stated reason; by somebody else than who prepared it."""
    policy.require(actor, Permission.RELEASE_MAKE)
    row = db.session.get(StatPreparation, preparation_id)
    if row is None:
        raise NotFound()
    _require_ready(row, actor)
    row.state, row.answer = "refused", words
    row.checked_by_id, row.checked_by, row.checked_at = actor.user_id, actor.user_name, clock.now()
    audit.record(db.session, "statistics.release_refused", row, reason=f"{row.period}: {words}")
    db.session.flush()
    return row


def publish_quarter(
    period: Period,
    reason: str,
    maker: Actor,
    checker: Actor,
    *,
    at: datetime | None = None,
    cut_off: date | None = None,
    effort: Effort = THOROUGH,
    corrects: bool = False,
) -> StatRelease:
    """Both parts in one transaction, for a demo and for tests: the session is the maker's. No page or call leads here."""
    row = prepare(period, reason, maker, effort, corrects=corrects)
    if row.state != "ready":
        raise RuntimeError(f"not where work is left to a worker, and not what the attack has found somebody in: {row.gate}")
    row.cut_off_on = cut_off or row.cut_off_on
    _require_ready(row, checker)
    with joined(f"statistics release {period}: published") as session:
        release_id = published(session, session.get_one(StatPreparation, row.id), checker, at=at).id
    audit.record(db.session, "statistics.released", row, reason=f"{period}: {reason}")
    db.session.expire_all()
    return db.session.get_one(StatRelease, release_id)


def published(session: Any, row: StatPreparation, checker: Actor, *, at: datetime | None = None) -> StatRelease:
    """The release itself: cells, certificate, registry and head, in a session without row rules."""
    if is_behind(session, row):
        raise Conflict(_l("Facts or releases have changed since this was prepared; prepare it anew."), code="expired")
    if row.supersedes_id is None:
        freeze(session, read_period(row.period))
    else:
        freeze_edition(session, Quarter.read(row.period), row.params["edition"])
    before = last(session)
    release = StatRelease(
        id=uuid7(),
        period=row.period,
        number=(before.number if before else 0) + 1,
        supersedes_id=row.supersedes_id,
        catalogue_version=row.catalogue_version,
        cut_off_on=row.cut_off_on,
        published_at=at or clock.now(),
        made_by_id=row.made_by_id,
        made_by=row.made_by,
        checked_by_id=checker.user_id,
        checked_by=checker.user_name,
        reason=row.reason,
        params=row.params,
        areas=row.areas,
        report=row.report,
        gate=row.gate,
        cells_sha256=row.cells_sha256,
        cells=row.cells,
        hidden=row.hidden,
        catalogue_sha256=chain.catalogue_sha(row.catalogue_version or ""),
        certificate_sha256=row.certificate_sha256,
        facts_mark=row.facts_mark,
        previous_head=(before.head or "") if before else "",
    )
    release.head = chain.head(release.previous_head or "", chain.told(release))
    session.add(release)
    session.flush()
    if row.certificate_sha256:
        certificates.keep(session, release.id, kept.certificate(row))
    cells = _cells(release, row)
    for start in range(0, len(cells), 2000):
        session.execute(insert(StatCell), cells[start : start + 2000])
    row.state, row.release_id = "published", release.id
    row.checked_by_id, row.checked_by, row.checked_at = checker.user_id, checker.user_name, clock.now()
    row.content = row.certificate_enc = None  # they stand in the release
    session.flush()
    return release


def _waiting(session: Any, preparation_id: UUID, actor: Actor) -> StatPreparation:
    require_highest(session, actor)
    query = select(StatPreparation).where(StatPreparation.id == preparation_id).with_for_update()
    row: StatPreparation = session.scalars(query).one()
    _require_ready(row, actor)
    return row


def _require_ready(row: StatPreparation, actor: Actor) -> None:
    if row.state != "ready":
        raise Conflict(_l("Nothing waits here for a second person."), code="not_ready")
    if row.made_by_id == actor.user_id:
        raise Forbidden(_l("Whoever prepared a release cannot publish or refuse it; another officer of the bureau does."))


def _cells(release: StatRelease, row: StatPreparation) -> list[dict[str, Any]]:
    tables: Mapping[str, TableKind] = {
        table.code: table for table in versions()[release.catalogue_version].issue(release.period).tables
    }
    places = {area["code"]: area for area in release.areas}
    dims: dict[tuple[str, str], dict[str, str] | None] = {}
    for table in tables.values():
        dims[table.code, ""] = None
        for values in table.cells():
            told = table.dims(*(value.code for value in values))
            dims[table.code, table.dims_key(*(value.code for value in values))] = told
    found = []
    for position, (code, area, key, shown) in enumerate(kept.rows(row)):
        place = places[area]
        found.append(
            {
                "release_id": release.id,
                "table": code,
                "area": area,
                "dims_key": key,
                "area_path": place["path"],
                "area_level": place["level"],
                "area_name": place["name"],
                "parent_area": place["parent"],
                "position": position,
                "dims": dims[code, key],
                "shown": shown,
            }
        )
    return found
