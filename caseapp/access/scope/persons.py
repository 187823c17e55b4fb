"""Rows of persons: the grant's place, the class of the file, the open list, and what passes between two people or two stations."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_

from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.access.scope.places import Rule, above, under
from caseapp.core.actor import Actor
from caseapp.models import casework as c
from caseapp.models.base import Authored
from caseapp.models.casework.task import OF_HEADS


def of_persons(model: Any, path: Any = None, lines: bool = False) -> Rule:
    """Rows of a person under the grant's rule; a line (the client row itself) shows also for a minor."""
    column = model.station_path if path is None else path

    def rule(actor: Actor) -> ColumnElement[bool]:
        rows = ROLES[actor.role].rows if actor.role in ROLES else "none"
        place = under(actor, column)
        if model is c.Client:  # a record joined to another is a pointer that nobody reads
            place = and_(place, model.merged_into_id.is_(None))
        if len(actor.stations) == 1 and hasattr(model, "station_id"):
            # says nothing new, but with an equality an index by station serves the order of a list
            place = and_(model.station_id == actor.stations[0], place)
        if rows == "head":
            return place
        if rows not in ("worker", "supervisor", "township"):
            return false()
        shown = ("P1", "P2", "minor") if lines else ("P1", "P2")
        classes = model.klass.in_(shown)
        if actor.open_files:
            classes = or_(classes, model.file_id.in_(sorted(actor.open_files)))
        if actor.lent_files:  # a purpose opens a minor's file, never what is restricted in it
            classes = and_(classes, not_(and_(model.klass == "P3", model.file_id.in_(sorted(actor.lent_files)))))
        if issubclass(model, Authored):
            classes = or_(classes, model.author_id == actor.user_id)
        return and_(place, classes)

    return rule


def of_heads(model: Any) -> Rule:
    """Rows about persons that the head alone settles."""
    return lambda actor: under(actor, model.station_path) if actor.role == "station_head" else false()


def tasks(actor: Actor) -> ColumnElement[bool]:
    """Tasks as other rows of a person; what only the head may know is not told to others by a task on the person's page."""
    rule = of_persons(c.Task)(actor)
    return rule if actor.role == "station_head" else and_(rule, c.Task.kind.not_in(OF_HEADS))


def between(model: Any, *, lines: bool = False) -> Rule:
    """Referrals. The sender's side reads them as any row of the file; the receiver's side, once they were sent (`reached`).

    Of the receiver's side the head sees all; a worker what is not restricted, of a minor the line alone, and either whole
    when it was given to that worker; a supervisor the lines, so as to stand in where a station has one worker. The packet
    leaves the receiver's sight when it is taken back, turned down or completed: then its `reached` falls.
    """
    sender = of_persons(model, model.from_path, lines)

    def rule(actor: Actor) -> ColumnElement[bool]:
        rows = ROLES[actor.role].rows if actor.role in ROLES else "none"
        if rows not in ("head", "worker") and not (lines and rows == "supervisor"):
            return sender(actor)
        here = and_(under(actor, model.to_path), model.reached.is_(True))
        if rows != "head":
            shown = ("P1", "P2", "minor") if lines else ("P1", "P2")
            here = and_(here, or_(model.klass.in_(shown), _mine(actor, model.assigned_to_id, model.klass)))
        return or_(sender(actor), here)

    return rule


def _mine(actor: Actor, column: Any, klass: Any) -> ColumnElement[bool]:
    """The column names the actor, or somebody whose work the actor does; what is restricted only where it goes along."""
    covered = and_(column.in_(sorted(actor.stands_in)), klass != "P3") if actor.stands_in else false()
    return or_(column.in_((actor.user_id, *sorted(actor.stands_in_restricted))), covered)


def handed(actor: Actor) -> ColumnElement[bool]:
    """Lines of handovers: the head's all; a worker's what goes from or to them. Of a file that waits for them the receiver sees
    the line, unless it is restricted and not open to them: then the head hands it over."""
    item, rule = c.HandoverItem, of_persons(c.HandoverItem)(actor)
    if not actor.may(Permission.HANDOVER):
        return false()
    if actor.role == "station_head":
        return rule
    coming = and_(under(actor, item.station_path), item.to_id == actor.user_id, item.klass != "P3")
    ours = or_(item.from_id.in_(actor.users), item.to_id.in_(actor.users))
    return or_(coming, and_(rule, ours))


def handovers(actor: Actor) -> ColumnElement[bool]:
    """The frames of handovers: the head's all, a worker's own."""
    if actor.role == "station_head":
        return under(actor, c.Handover.path)
    if not actor.may(Permission.HANDOVER):
        return false()
    place = or_(under(actor, c.Handover.path), c.Handover.path.in_(above(actor)))  # also a service point's of its station
    return and_(place, or_(c.Handover.from_id.in_(actor.users), c.Handover.to_id.in_(actor.users)))


def bodies(actor: Actor) -> ColumnElement[bool]:
    """Outside bodies: those registered at or under the own places, and above them for everybody there."""
    if not (actor.may(Permission.REFERRAL_READ) or actor.may(Permission.BODY_WRITE)):
        return false()
    return or_(under(actor, c.OutsideBody.path), c.OutsideBody.path.in_(above(actor)))
