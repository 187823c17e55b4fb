"""Which rights in the database itself a session works with: those of its actor, of a system session, or of nobody.

Said to the connection whenever a transaction begins and whenever the actor changes (`guard.bind`), so that a statement that passes
the row rules by still meets them: rows of persons at the actor's places and of the classes open to them on PostgreSQL, no table of a
person at all for whoever stands outside on both engines. The first words of a request, by which the visitor is found, are said
with rights on no person's row.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseapp.access import outside
from caseapp.access.roles import ROLES
from caseapp.adapters import rights
from caseapp.adapters.rights import AS_OWNER, EVERYTHING, NOTHING, Standing
from caseapp.core.actor import Actor
from caseapp.models import wall

CLASSES = ("head", "worker", "supervisor", "township")


def of_actor(actor: Actor | None) -> Standing:
    """What the database itself lets an actor see; a page's or a call's only, where it is nothing at all."""
    if actor is None:
        return NOTHING
    if outside.is_outside(actor):
        if actor.channel not in outside.ASKING:
            return NOTHING
        return Standing(role=wall.AUDITOR if actor.role in ROLES and ROLES[actor.role].rows == "auditor" else wall.BUREAU)
    rows = ROLES[actor.role].rows
    if rows not in CLASSES or not actor.paths:
        return NOTHING
    return Standing(
        low=min(actor.paths),
        high=max(path[:-1] + "0" for path in actor.paths),
        paths=_array(actor.paths) if len(actor.paths) > 1 else "",
        rows=rows,
        files=_array(actor.open_files),
        lent=_array(actor.lent_files),
        user=str(actor.user_id),
        mine=_array((*actor.users, *actor.stands_in_restricted)),
    )


def _array(values: Any) -> str:
    """A list as PostgreSQL writes it; paths and ids hold no character that would have to be quoted."""
    return "{" + ",".join(sorted({str(value) for value in values})) + "}"


def of_session(session: Session) -> Standing:
    """The rights of a session's next statement."""
    if session.info.get("owner"):
        return AS_OWNER
    if "system" in session.info:
        shut = outside.asking()
        return of_actor(shut) if shut is not None else EVERYTHING
    if session.info.get("lifted"):
        return EVERYTHING
    return of_actor(session.info.get("actor"))


@event.listens_for(Session, "after_begin")
def _begun(session: Session, _transaction: Any, connection: Any) -> None:
    """A transaction begins, or a part of one."""
    standing = of_session(session)
    if standing is not NOTHING:  # what nobody has set shows nothing
        rights.take(connection, standing)
    session.info["on"] = connection


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("on", None)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _before: Any) -> None:
    """What was set within a part of a transaction went with it."""
    if session.in_nested_transaction() or session.in_transaction():
        again(session)


def again(session: Any) -> None:
    """Says the rights once more in a transaction that runs: its actor, or what else decides, is another one now."""
    connection = session.info.get("on")
    if connection is not None and not (connection.closed or connection.invalidated) and connection.in_transaction():
        rights.take(connection, of_session(session))


def restore(session: Any) -> None:
    """The same on the way out of a detour, where the transaction may be broken: it then ends, and its rights with it."""
    try:
        again(session)
    except DBAPIError:
        session.rollback()


outside.CHANGED.append(restore)
