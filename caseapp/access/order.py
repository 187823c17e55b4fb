"""Telling SQLite which index not to take: it keeps no statistics, and would rather sort a year of entries than skip some."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class skipped(FunctionElement[Any]):  # noqa: N801 - reads like the SQL functions it stands beside
    """A column whose condition filters along the order of the list; on PostgreSQL the planner knows by itself."""

    inherit_cache = True
    name = "skipped"
    type = sa.String()


@compiles(skipped)
def _plain(element: Any, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(skipped, "sqlite")
def _sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"+({compiler.process(element.clauses, **more)})"
