"""Listeners on the session: each load of a person's row is noted, each flush read for what it changes."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState

from caseapp.adapters import keys
from caseapp.extensions import CaseSession
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.models.base import BetweenStations, OfPerson
from caseapp.services.trust.audit.unit import KEY, of
from caseapp.services.trust.audit.write import write_changes

WATCHED = (
    OfPerson,
    BetweenStations,
    c.OutsideBody,
    c.Handover,
    o.Cover,
    o.Organisation,
    o.User,
    o.UserSession,
    o.Grant,
    o.GrantPlace,
    o.GrantConfirmation,
    o.Setting,
    o.Purchase,
    o.Division,
    o.DivisionChange,
    o.FormerPlace,
    t.AskedAct,
    t.AuditReview,
)
IN_BULK = tuple(model for model in WATCHED if model is not o.UserSession)  # sessions end in bulk; their events say so
ALWAYS_SHOWN = frozenset({"klass", "station_path"})  # of restricted rows too: which file it is, and that it is one
SKIPPED = frozenset({"id", "version", "updated_at", "updated_by_id", "created_at", "created_by_id"})


@event.listens_for(OfPerson, "load", propagate=True)
def _noted(row: Any, context: Any) -> None:
    info = context.session.info
    if "actor" in info and KEY in info:
        info[KEY].seen[row.file_id] = row.station_path
        _whose_place(info, row)


def _whose_place(info: Any, row: Any) -> None:
    """Notes the absent colleague whose file this is, where the actor stands in for one."""
    actor = info["actor"]
    if actor is not None and actor.stands_in and isinstance(row, c.Client | c.Case | c.Task):
        user_id = row.__dict__.get("user_id" if isinstance(row, c.Task) else "worker_id")
        if user_id in actor.stands_in:
            info[KEY].in_place_of[row.file_id] = user_id


@event.listens_for(BetweenStations, "load", propagate=True)
def _noted_between(row: Any, context: Any) -> None:
    """What two stations share is told at the place of whoever reads it."""
    info = context.session.info
    if info.get("actor") is not None and KEY in info and (path := row.side_of(info["actor"])) is not None:
        info[KEY].seen.setdefault(row.file_id, path)


@event.listens_for(CaseSession, "after_flush")
def _gather_changes(session: Any, _context: Any) -> None:
    unit = of(session)
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(row, WATCHED):
            continue
        what = "insert" if row in session.new else "delete" if row in session.deleted else "update"
        fields = _changed_fields(row)
        if what == "update" and not fields:
            continue
        state: Any = inspect(row)
        key = "/".join(str(part) for part in state.mapper.primary_key_from_instance(row))
        unit.changes.append({"table": state.mapper.local_table.name, "row": key, "op": what, "fields": fields})
        if isinstance(row, OfPerson):
            unit.changed[row.file_id] = row.station_path
        elif isinstance(row, BetweenStations):
            actor = session.info.get("actor")
            unit.changed.setdefault(row.file_id, (row.side_of(actor) if actor else None) or row.from_path)
        elif path := getattr(row, "path", None):
            unit.places.add(path)


@event.listens_for(CaseSession, "do_orm_execute")
def _gather_statements(state: ORMExecuteState) -> None:
    """An update or delete of many rows at once never meets the flush: which table, and which fields."""
    mapper: Any = state.bind_mapper
    if not (state.is_update or state.is_delete) or mapper is None or not issubclass(mapper.class_, IN_BULK):
        return
    named: Any = getattr(state.statement, "_values", None) or {}  # no public way to ask an update for its columns
    fields = {str(getattr(column, "key", column)): None for column in named}
    if fields and not fields.keys() - SKIPPED:
        return
    op = "update" if state.is_update else "delete"
    of(state.session).changes.append({"table": mapper.class_.__tablename__, "row": None, "op": op, "fields": fields})


def _changed_fields(row: Any) -> dict[str, Any]:
    """Field → [before, after] for P1, a keyed digest for other values, None for text that must not even be digested."""
    found: dict[str, Any] = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        if attribute.key in SKIPPED:
            continue
        history = state.attrs[attribute.key].history
        if not history.has_changes():
            continue
        new = history.added[0] if history.added else None
        old = history.deleted[0] if history.deleted else None
        if new is None and old is None:
            continue
        show = attribute.columns[0].info.get("trail", getattr(row, "trail_shows", "digest"))
        if show == "value" and getattr(row, "klass", None) == "P3" and attribute.key not in ALWAYS_SHOWN:
            show = "digest"  # whatever the column, in a restricted row it tells of violence, suicide or illness
        if show == "value":
            found[attribute.key] = [_plain(old), _plain(new)]
        elif show == "name":
            found[attribute.key] = None
        else:
            found[attribute.key] = keys.ring().index(f"trail:{attribute.key}", str(new)).hex()[:12]
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | list | dict) else str(value)


@event.listens_for(CaseSession, "before_commit")
def _write(session: Any) -> None:
    write_changes(session)


@event.listens_for(CaseSession, "after_rollback")
def _forget_changes(session: Any) -> None:
    if KEY in session.info:
        session.info[KEY].changes.clear()
