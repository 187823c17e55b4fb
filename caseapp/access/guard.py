"""The row guard: every ORM statement of a request's session sees only the bound actor's rows; no actor, no rows.

What criteria do not reach is refused here (ORM update or delete with a parameter list, `from_statement`,
`insert().from_select`), and a flush may not write a person's row outside the grant (architecture.md section 4).
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Alias, Column, TableClause, event, false, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.strategy_options import _AbstractLoad  # no public way to ask an option for its strategy
from sqlalchemy.sql.dml import Insert

from caseapp.access import standing
from caseapp.access.scope import SCOPED
from caseapp.core.actor import Actor
from caseapp.extensions import CaseSession
from caseapp.models.base import BetweenStations, OfPerson, Stamped
from caseapp.models.casework import Client


class ScopeError(RuntimeError):
    """A statement or a write that the row rules cannot hold; a fault of ours, never of the user."""


BY_TABLE = {model.__tablename__: model for model in SCOPED}


def bind(session: Any, actor: Actor | None) -> None:
    """Says for whom this session reads and writes from now on."""
    session.info["actor"] = actor
    session.info.pop("criteria", None)
    standing.again(session)


def actor_of(session: Any) -> Actor | None:
    """The actor bound to a session."""
    actor: Actor | None = session.info.get("actor")
    return actor


class Options(dict[Any, Any]):
    """The criteria option of each model under one actor, made when a statement first names it: most pages name a few."""

    def __init__(self, actor: Actor | None) -> None:
        super().__init__()
        self.actor = actor

    def __missing__(self, model: Any) -> Any:
        """The option of a model; KeyError for one that the rulebook does not know."""
        rule = SCOPED[model]
        option = with_loader_criteria(model, rule(self.actor) if self.actor else false(), include_aliases=True)
        self[model] = option
        return option


def criteria(session: Any) -> Options:
    """The criteria options of the bound actor, kept: building them for each statement is dear."""
    kept: Options | None = session.info.get("criteria")
    if kept is None:
        kept = session.info["criteria"] = Options(actor_of(session))
    return kept


def scoped_in(statement: Any) -> set[Any]:
    """The scoped models a statement names anywhere, subqueries and joins included.

    Refuses a joined alias of such a model: SQLAlchemy's criteria name the bare table in its ON, so that the alias would go without.
    """
    found, todo, seen = set(), [statement], set()
    while todo:
        element = todo.pop()
        if id(element) in seen:
            continue
        seen.add(id(element))
        for joined, *_how in getattr(element, "_setup_joins", ()):  # no public way to ask a select for its joins
            if isinstance(joined, Alias) and getattr(joined.element, "name", None) in BY_TABLE:
                raise ScopeError("in the ON of a joined alias the row rules would name the table itself: join it in WHERE")
        if isinstance(element, Column):
            element = element.table
        if isinstance(element, TableClause):
            model = BY_TABLE.get(element.name)
            if model is not None:
                found.add(model)
        elif element is not None:
            todo.extend(element.get_children())
    return found


def joins_eagerly(statement: Any) -> bool:
    """Whether a loader option adds joins that the statement does not name; `contains_eager` reads from those it names."""
    return any(
        ("lazy", "joined") in (element.strategy or ()) and "eager_from_alias" not in element.local_opts
        for option in getattr(statement, "_with_options", ())
        if isinstance(option, _AbstractLoad)
        for element in getattr(option, "context", ())
    )


@event.listens_for(CaseSession, "do_orm_execute")
def only_visible_rows(state: ORMExecuteState) -> None:
    """Every ORM statement in this session sees only the bound actor's rows."""
    if state.is_column_load:
        return
    _refuse_what_criteria_do_not_reach(state)
    options = criteria(state.session)
    models: Iterable[Any] = SCOPED if joins_eagerly(state.statement) else scoped_in(state.statement)
    if models:
        state.statement = state.statement.options(*(options[model] for model in models))


def _refuse_what_criteria_do_not_reach(state: ORMExecuteState) -> None:
    if state.is_from_statement:
        raise ScopeError("from_statement is not covered by the row rules")
    if (state.is_update or state.is_delete) and state.is_executemany:
        raise ScopeError("update or delete by a parameter list is not covered by the row rules")
    if isinstance(state.statement, Insert) and state.statement.select is not None:
        raise ScopeError("insert from select is not covered by the row rules")


@event.listens_for(CaseSession, "before_flush")
def only_own_rows_are_written(session: Any, _context: Any, _objects: Any) -> None:
    """A new or changed row of a person must lie under the active grant: filters act on reads only."""
    actor = actor_of(session)
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, OfPerson) and (actor is None or not actor.covers(row.station_path)):
            raise ScopeError(f"{type(row).__name__} outside the active grant")
        if isinstance(row, BetweenStations) and (actor is None or row.side_of(actor) is None):
            raise ScopeError(f"{type(row).__name__} between two others")
        if isinstance(row, Stamped) and actor is not None and row in session.dirty and session.is_modified(row):
            row.updated_by_id = actor.user_id


@event.listens_for(CaseSession, "after_flush")
def whose_rows_are_new(session: Any, _context: Any) -> None:
    """Notes for whom something was added, to be looked at once more before the end."""
    about = {getattr(row, "client_id", None) for row in session.new} - {None}
    if about:
        session.info.setdefault("added_for", set()).update(about)


@event.listens_for(CaseSession, "before_commit")
def nothing_is_added_to_a_record_given_up(session: Any) -> None:
    """While this was written, somebody may have joined the record to another: then nothing would lead to it any more.

    The foreign key made the addition wait for the joining, so that here its end is in sight. The request is carried out
    again, and no longer finds the record.
    """
    session.flush()
    about = session.info.pop("added_for", None)
    if not about:
        return
    client = Client.__table__
    query = select(client.c.id).where(client.c.id.in_(sorted(about)), client.c.merged_into_id.is_not(None))
    if session.connection().execute(query).first() is not None:
        raise StaleDataError("the record was joined to another meanwhile")


@event.listens_for(CaseSession, "after_rollback")
def forget_whose_rows_are_new(session: Any) -> None:
    """Nothing was added after all."""
    session.info.pop("added_for", None)
