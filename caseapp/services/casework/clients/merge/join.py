"""Two records of one person become one: every row moves in one transaction, each as it was is kept sealed to go back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from caseapp.access import images, policy
from caseapp.access.permissions import Permission
from caseapp.access.system import joined
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseMember, Client, ClientMerge, Enrolment
from caseapp.queries.casework.clients import merging
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.duplicates import Merge
from caseapp.services.casework import due
from caseapp.services.casework.clients import access, documents
from caseapp.services.casework.clients.classes import class_for
from caseapp.services.casework.clients.merge import once
from caseapp.services.casework.clients.merge.apart import same_station
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

FAR = 1000  # versions ahead: a form drawn before the joining is stale also after it was taken back and edited again
RISKS = ("red", "orange", "blue", "green")
BLOCKED = {
    "numbers_differ": _l("The two records have different ID numbers. Void the one that was read off wrongly, then join them."),
    "one_has_died": _l("One record says the person has died, the other is still on file. Put that right first."),
}


def join(command: Merge, kept: Client, gone: Client, actor: Actor) -> ClientMerge:
    """Joins `gone` to `kept`; its number stays as a pointer and leads here.

    Needs client:merge over both. Refuses records of two stations, stale versions, two different ID numbers, and one who
    has died with one still on file. Values of `command.from_twin` stay of `gone`, empty ones are filled; the class is the
    stricter one, the risk the higher. Figures of released quarters are frozen and do not change.
    """
    for row in (kept, gone):
        policy.require(actor, Permission.CLIENT_MERGE, row)
    same_station(kept, gone)
    documents.hold(kept.station_id)
    for row in sorted((kept, gone), key=lambda one: one.id):
        db.session.refresh(row, with_for_update=True)
    expect_version(kept, command.version)
    expect_version(gone, command.twin_version)
    running = select(Enrolment).where(Enrolment.client_id.in_((kept.id, gone.id)), Enrolment.to_on.is_(None))
    stays = {stay.client_id: stay for stay in db.session.scalars(running)}
    for code in merging.blocks(kept, gone, stays):
        raise Conflict(BLOCKED[code], code=code)
    _forget_old(actor)
    key, twin_id, number = kept.id, gone.id, gone.file_no
    versions = {key: kept.version + FAR, twin_id: gone.version + FAR}
    home_of_gone = "household_id" in command.from_twin or kept.household_id is None
    klass = max(kept.klass, gone.klass, class_for(_chosen(command, kept, gone)), key=merging.STRICTER.index)
    with joined("two records become one") as session:
        far = images.reach(session, key, twin_id)
        before = images.take(session, far)
    _fields(command, kept, gone)
    kept.state, kept.updated_at = "on_file" if stays else "ended", clock.now()
    db.session.flush()
    with joined("two records become one") as session:
        once.see_to(session, key, twin_id, home_of_gone=home_of_gone)
        images.move(session, key, twin_id)
        _strictest(session, key, klass)
        images.set_row(session, twin_id, state="merged", merged_into_id=key, version=versions[twin_id])
        images.set_row(session, key, version=versions[key])
    db.session.expire_all()
    _after(kept, actor)
    with joined("two records become one") as session:
        entries = images.difference(before, images.take(session, far))
    return _remember(kept, twin_id, number, entries, actor)


def _chosen(command: Merge, kept: Client, gone: Client) -> Any:
    return gone.birth_on if "birth" in command.from_twin or kept.birth_on is None else kept.birth_on


def _fields(command: Merge, kept: Client, gone: Client) -> None:
    """Chosen values, empty ones filled; names and remarks are joined, so that nothing known is lost."""
    names = {kept.name, gone.name}
    for row in merging.compare(kept, gone).differences:
        if row.code in command.from_twin or merging.is_empty(row.kept):
            for attribute in merging.FIELDS[row.code]:
                setattr(kept, attribute, getattr(gone, attribute))
    others = [kept.other_names, gone.other_names, *sorted(names - {kept.name})]
    kept.other_names = " / ".join(dict.fromkeys(text for text in others if text))[:120] or None
    kept.note = "\n".join(dict.fromkeys(text for text in (kept.note, gone.note) if text)) or None
    kept.risk = min(kept.risk, gone.risk, key=RISKS.index)
    kept.deceased_on = kept.deceased_on or gone.deceased_on
    if kept.no_document_reason and not gone.no_document_reason:
        kept.no_document_reason = None


def _strictest(session: Any, key: UUID, klass: str) -> None:
    """Every row of the person, and of cases about the person, is at least of this class."""
    weaker = merging.STRICTER[: merging.STRICTER.index(klass)]
    files = [key]
    if klass in ("minor", "P3"):
        mine = (Case.client_id == key, Case.klass.in_(weaker))
        files += session.scalars(select(Case.id).where(*mine)).all()
    images.restrict(session, files, klass, tuple(weaker))


def _after(kept: Client, actor: Actor) -> None:
    """Who may open the files, the stay's worker, and every date reckoned anew."""
    stay = db.session.scalar(select(Enrolment).where(Enrolment.client_id == kept.id, Enrolment.to_on.is_(None)))
    if stay is not None and kept.worker_id is not None:
        stay.worker_id = kept.worker_id
    if kept.klass in ("minor", "P3"):
        access.assign(kept, [kept.worker_id], actor)
        for case in db.session.scalars(select(Case).where(Case.client_id == kept.id, Case.klass == kept.klass)):
            team = select(CaseMember.user_id).where(CaseMember.case_id == case.id, CaseMember.to_on.is_(None))
            access.assign(case, [case.worker_id, *db.session.scalars(team)], actor)
    db.session.flush()
    due.refresh_due(kept)
    db.session.flush()


def _remember(kept: Client, gone_id: UUID, number: str, entries: list[dict[str, Any]], actor: Actor) -> ClientMerge:
    days = settings.At(kept.station_path)["duplicate.undo_days"]
    row = ClientMerge(
        kept_id=kept.id,
        gone_id=gone_id,
        leads_to_id=kept.id,
        gone_file_no=number,
        made_at=clock.now(),
        made_by_id=actor.user_id,
        undo_until=clock.today() + timedelta(days=days),
        rows=len(entries),
    )
    row.belongs_to(kept)
    row.images = entries
    db.session.add(row)
    audit.record(db.session, "client.merged", kept)
    audit.record_rows(db.session, (gone_id, kept.station_path), entries)
    db.session.flush()
    return row


def _forget_old(actor: Actor) -> None:
    """What can no longer be taken apart needs no images: they are copies of a person's data."""
    query = update(ClientMerge).where(ClientMerge.undo_until < clock.today(), ClientMerge.images_enc.is_not(None))
    db.session.execute(query.values(images_enc=None), execution_options={"synchronize_session": False})
