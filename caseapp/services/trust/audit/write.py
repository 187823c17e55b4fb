"""When an entry is written: with the commit of a change; beside the request for reads, refusals and sign-ins."""

from typing import Any
from uuid import UUID

from caseapp.access.guard import actor_of
from caseapp.access.outside import ASKING, is_outside
from caseapp.access.system import side_write
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.models.trust import AuditEntry
from caseapp.services.trust.audit.entries import count_seen, entry_of, index_rows
from caseapp.services.trust.audit.unit import Unit, begin, of


def write_changes(session: Any) -> None:
    """Before a commit: the trail goes into the same transaction as what it tells."""
    session.flush()
    unit, actor = of(session), actor_of(session)
    _tell_what_was_lifted(session, unit, actor)
    if actor is None or not (unit.changes or unit.events):
        return
    people = sorted({**unit.seen, **unit.changed})
    name = unit.events[-1] if unit.events else "changed"
    entry = entry_of(actor, "change" if unit.changes else "event", name, unit, people=people)
    entry.changes = {"events": unit.events, "rows": unit.changes}
    index = index_rows(actor, unit)
    begin(session, unit.endpoint)
    session.add(entry)
    session.flush()
    count_seen(session, index)


def finish(session: Any, actor: Actor) -> None:
    """The named events of a session without row rules, as an entry of its own transaction by whoever had it done."""
    unit = of(session)
    if unit.events:
        entry = entry_of(actor, "event", unit.events[-1], unit)
        entry.changes = {"events": unit.events, "rows": []}
        session.add(entry)
    begin(session, unit.endpoint)


def tell_other_side(session: Any, actor: Actor, name: str, row: Any) -> None:
    """The same event once more where the other side's auditor finds it, about a row there and nothing of ours.

    `session` is one without row rules in the request's own transaction; the unit of the request knows nothing of it.
    """
    unit = Unit(None)
    unit.changed[row.file_id] = row.station_path
    session.add(entry_of(actor, "event", name, unit, people=[row.file_id]))


def note_reads(session: Any, status: int) -> None:
    """Once an answer is ready: one entry with all persons that are in it, and their index rows, written beside the request.

    Persons that an entry of a change has named already are not told twice; what a refused request meant to do is not told.
    """
    actor, unit = actor_of(session), of(session)
    _tell_what_was_lifted(session, unit, actor)
    events = unit.events if status < 400 else []
    if actor is None or not (unit.seen or events or unit.sought):
        return
    name = unit.read_event or (events[-1] if events else f"{unit.endpoint}")
    entry = entry_of(actor, "read", name, unit, status=status, people=sorted(unit.seen))
    index = index_rows(actor, unit)
    side_write(lambda s: s.add(entry))
    side_write(lambda s: count_seen(s, index))
    begin(session)


def _tell_what_was_lifted(session: Any, unit: Unit, actor: Actor | None) -> None:
    """Where somebody stands outside and the wall was lifted for what they asked, the trail has the reason."""
    reasons = session.info.pop("lifted_for", [])
    if reasons and actor is not None and actor.channel in ASKING and is_outside(actor):
        unit.events.insert(0, "wall.lifted")  # whatever else happened is the entry's own name
        unit.reason = unit.reason or "; ".join(dict.fromkeys(reasons))[:300]


def refused(session: Any, status: int, code: str, ref: str, asked: str | None = None) -> None:
    """A refusal to a signed-in user: written beside the rolled-back request. `asked`: the ids in the address, nothing typed."""
    actor = actor_of(session)
    unit = of(session)
    if actor is None:
        return
    entry = entry_of(actor, "refusal", code, unit, status=status, ref=ref)
    entry.reason = asked[:300] if asked else None
    begin(session)
    side_write(lambda s: s.add(entry))


def signed(session: Any, name: str, user_id: UUID | None, path: str, *, channel: str = "page", reason: str | None = None) -> None:
    """A sign-in event ("sign_in.ok", "sign_in.failed"); the name that was typed is never kept in clear."""
    entry = AuditEntry(
        at=clock.now(),
        kind="sign_in",
        event=name,
        user_id=user_id,
        channel=channel,
        station_path=path,
        reason=reason,
    )
    side_write(lambda s: s.add(entry))
