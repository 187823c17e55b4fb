"""The wall around people: while somebody asks who sees figures and programme data only, no statement names a person's table.

The row rules would show such an actor no person anyway. This holds where they do not reach: plain tables, system sessions, sums,
a join somebody adds later. It looks at the statement as it goes to the database, on every connection of a page or a call of the
API, and knows what may be read (`READABLE`), so that a new table is shut until somebody decides otherwise. A command or a job on
the machine that holds the data is nobody's request. Figures are read, besides, through an engine whose rights end at the published
tables (`adapters/figures.py`).
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.selectable import TextualSelect

from caseapp.access.roles import ROLES
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.readable import OF_AUDITORS, READABLE

log = logging.getLogger("caseapp")

ASKING = ("page", "api")
CHANGED: list[Any] = []  # who must hear that the wall was lifted or stands again (`access/standing.py`)
OWN_WORDS = re.compile(
    r"(PRAGMA query_only|SET |BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)", re.IGNORECASE
)  # said by the product itself
COLUMNS = re.compile(r'(\bINSERT INTO "?\w+"? )\([^)]*\)')
WORD = re.compile(r"""(?<![\w.:"])(?<!%\()(?:"(\w+)"|(\w+))(?!\w|\s*=|"|\s*\()""")


class OutsideError(NotFound):
    """A statement that an outsider's request may not send. A fault of the program: nothing is told, and the log names the table."""


def is_outside(actor: Actor | None) -> bool:
    """Whether an actor sees no person: bureaus, contractors, administrators, auditors, evaluators, who has no role."""
    return actor is not None and (actor.role not in ROLES or ROLES[actor.role].rows in ("none", "auditor"))


@contextmanager
def lifted(reason: str) -> Iterator[None]:
    """For the few programme paths that move or count what hangs on a place: `reason` says which. They show no person."""
    if not reason:
        raise ValueError("the wall is lifted for a reason")
    session = db.session()
    info = session.info
    info["lifted"] = info.get("lifted", 0) + 1
    info.setdefault("lifted_for", []).append(reason)
    for say in CHANGED:
        say(session)
    try:
        yield
    finally:
        info["lifted"] -= 1
        for say in CHANGED:
            say(session)


@event.listens_for(Engine, "before_cursor_execute")
def nothing_of_persons(_connection: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool) -> None:
    """Refuses the statement while the request's actor stands outside."""
    actor = asking()
    if actor is None:
        return
    statement = getattr(getattr(context, "compiled", None), "statement", None)
    if statement is None or isinstance(statement, TextClause | TextualSelect):
        named = frozenset() if OWN_WORDS.match(sql) else frozenset({"what is written by hand"})
    else:
        named = shut_in(sql)
    if ROLES.get(actor.role) and ROLES[actor.role].rows == "auditor":
        named -= OF_AUDITORS
    if named:
        log.error("outside: a statement of a %s named %s", actor.role or "visitor", ", ".join(sorted(named)))
        raise OutsideError()


def asking() -> Actor | None:
    """The actor of the present request or command, where that one stands outside and the wall is not lifted."""
    try:
        info = db.session.info if db.session.registry.has() else {}
    except RuntimeError:  # no application at all: a migration, a tool
        return None
    actor = info.get("actor")
    asks = actor is not None and actor.channel in ASKING
    return actor if asks and is_outside(actor) and not info.get("lifted") else None


@lru_cache(maxsize=2000)
def shut_in(sql: str) -> frozenset[str]:
    """The tables a statement names, anywhere and under any alias, that stand behind the wall.

    The words of the statement are held against the names of all tables: no table that may be read has a column of such a name
    (a house test looks), but for what an INSERT or UPDATE lists. `case` is a table only in quotation marks.
    """
    found = set()
    for quoted, bare in WORD.findall(COLUMNS.sub(r"\1", sql)):
        name = quoted or bare
        if name in db.metadata.tables and name not in READABLE and (quoted or name != "case"):
            found.add(name)
    return frozenset(found)
