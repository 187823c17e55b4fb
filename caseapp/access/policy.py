"""Verbs: whether this actor may do this to this very row; knowing a case may be read does not imply writing it."""

from typing import Any
from uuid import UUID

from caseapp.access import fresh
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.core.actor import Actor
from caseapp.core.errors import Forbidden, NotFound
from caseapp.core.text import _l
from caseapp.models.base import Authored


class PurposeNeeded(Forbidden):
    """A minor's file that this actor opens only after naming a purpose; the page asks for it."""

    code = "purpose_required"
    title = _l("Say why you open this file")

    def __init__(self, file_id: UUID) -> None:
        super().__init__(_l("This is the file of a person under 18. Choose a purpose to open it."), file_id=str(file_id))
        self.file_id = file_id


def may(actor: Actor | None, permission: str, row: Any = None) -> bool:
    """Whether the grant holds the permission, over this row's place, file and domain if one is given."""
    if actor is None or not actor.may(permission):
        return False
    if row is None:
        return True
    path = getattr(row, "station_path", None) or getattr(row, "path", None)
    return actor.covers(path) and is_open(actor, row)


def is_open(actor: Actor, row: Any) -> bool:
    """Whether the file a row belongs to is open to the actor: P1 and P2 always, P3 and minor when on the open list; a purpose
    opens a minor's file, never what is P3 in it; what one has written oneself of an `Authored` kind stays open."""
    klass = getattr(row, "klass", "P1")
    if klass in ("P1", "P2") or opens(actor, klass, row.file_id):
        return True
    return isinstance(row, Authored) and row.author_id == actor.user_id


def opens(actor: Actor, klass: str, file_id: UUID) -> bool:
    """Whether rows of a shut class in that file are open to the actor."""
    if ROLES[actor.role].rows == "head":
        return True
    return file_id in actor.open_files and not (klass == "P3" and file_id in actor.lent_files)


def may_at_line(actor: Actor | None, permission: str, row: Any) -> bool:
    """Whether the grant holds the permission over the place of a row whose line is in sight, be its file open or not."""
    return actor is not None and actor.may(permission) and actor.covers(row.station_path)


def require_at_line(actor: Actor | None, permission: Permission, row: Any) -> None:
    """As `require`, for the few acts that need no opened file: Forbidden by role, NotFound outside the grant."""
    if actor is None or not actor.may(permission):
        raise Forbidden()
    if not actor.covers(row.station_path):
        raise NotFound()


def require(actor: Actor | None, permission: Permission, row: Any = None) -> None:
    """Raises Forbidden when the role may not, NotFound when the row is outside the grant, PurposeNeeded for a minor's file,
    ProofNeeded for a restricted one when nobody proved lately who acts."""
    if actor is None or not actor.may(permission):
        raise Forbidden()
    if row is None:
        return
    path = getattr(row, "station_path", None) or getattr(row, "path", None)
    if not actor.covers(path):
        raise NotFound()
    if not is_open(actor, row):
        if row.klass == "minor":
            raise PurposeNeeded(row.file_id)
        raise NotFound()
    if getattr(row, "klass", None) == "P3":
        fresh.require(actor, fresh.FILES)


def require_place(actor: Actor | None, permission: Permission, path: str) -> None:
    """For what is new or moves: the target place must lie under the grant too."""
    if actor is None or not actor.may(permission) or not actor.covers(path):
        raise Forbidden()
