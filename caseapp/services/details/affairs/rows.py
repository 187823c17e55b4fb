"""Writing what a case of social affairs keeps: the one row of a matter, dated entries, voiding one."""

from typing import Any, TypeVar

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.queries.details.affairs import rows
from caseapp.schemas.details.affairs.base import Keep, Void
from caseapp.services.trust import audit
from caseapp.services.versions import expect, expect_version

ENDED = ("closed", "archived", "declined", "referred_out")
Row = TypeVar("Row")


def writable(case: Case, actor: Actor) -> None:
    """Needs case:write over the case; refuses one that has ended."""
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.status in ENDED:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")


def keep(model: type[Row], command: Keep, case: Case, actor: Actor, event: str) -> Row:
    """The one row of a matter stands as given. Needs case:write; refuses ended files and a stale version."""
    writable(case, actor)
    kept: Any = model
    row: Any = rows.one(model, case)
    if row is None:
        expect(0, command.version)
        row = kept(case_id=case.id, created_at=clock.now(), created_by_id=actor.user_id)
        row.belongs_to(case)
        db.session.add(row)
    else:
        expect_version(row, command.version)
        row.updated_at = clock.now()
    for name, value in command.values.items():
        setattr(row, name, value)
    audit.record(db.session, event, case)
    db.session.flush()
    found: Row = row
    return found


def add(model: type[Row], case: Case, actor: Actor, event: str, **values: Any) -> Row:
    """A dated entry of a case. Needs case:write; refuses ended files."""
    writable(case, actor)
    kept: Any = model
    row: Any = kept(case_id=case.id, created_at=clock.now(), created_by_id=actor.user_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.belongs_to(case)
    db.session.add(row)
    audit.record(db.session, event, case)
    db.session.flush()
    found: Row = row
    return found


def void(command: Void, row: Any, case: Case, actor: Actor) -> None:
    """An entry no longer counts, with the reason; it stays readable. Needs case:write; refuses ended files and a voided one."""
    writable(case, actor)
    if row.voided_at is not None:
        raise Conflict(_l("This entry does not count already."), code="wrong_state")
    row.voided_at, row.void_reason, row.updated_at = clock.now(), command.reason, clock.now()
    audit.record(db.session, "affairs.entry_voided", case)
    db.session.flush()
