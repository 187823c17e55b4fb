"""Where a row lies against where an actor stands: every rule begins here."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from caseapp.core.actor import Actor

Rule = Callable[[Actor], ColumnElement[bool]]


def under(actor: Actor, column: Any) -> ColumnElement[bool]:
    """The column holds a path at or under one of the grant's; a range, so that an index serves it ('0' follows '/')."""
    return or_(false(), *(at(column, path) for path in actor.paths))


def at(column: Any, path: str) -> ColumnElement[bool]:
    """The column holds this path or one under it."""
    return and_(column >= path, column < path[:-1] + "0")


def above(actor: Actor) -> list[str]:
    """The paths of the places above the actor's."""
    steps = [path.strip("/").split("/") for path in actor.paths]
    return sorted({"/" + "/".join(step[:n]) + "/" for step in steps for n in range(1, len(step))})
