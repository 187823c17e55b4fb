"""Writes rows in bulk: plain values by model, in the order in which tables need each other, straight to the driver."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from caseapp.cli.demo.source import Row
from caseapp.extensions import Base

ROOMY = "PRAGMA cache_size=-131072"  # 128 MiB: keys lie by time, so that one person's rows land all over the file


class Batch:
    """Rows that wait to be written together."""

    def __init__(self) -> None:
        self.rows: dict[Any, list[Row]] = defaultdict(list)

    def add(self, model: Any, **values: Any) -> Row:
        """One row; the dictionary may be changed until it is written."""
        self.rows[model].append(values)
        return values

    def write(self, session: Session) -> int:
        """Writes everything and forgets it; returns how many rows there were."""
        written = 0
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql(ROOMY)
        for model in _order():
            rows = self.rows.pop(model, None)
            if rows:
                _write(session, model, rows)
                written += len(rows)
        return written


@cache
def _order() -> list[Any]:
    """Every mapped class, those that others point to first."""
    by_table = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return [by_table[table] for table in Base.metadata.sorted_tables if table in by_table]


def _write(session: Session, model: Any, rows: list[Row]) -> None:
    """One statement per table. The mapper's own types turn values into the driver's; its statements would cost thrice that."""
    connection = session.connection()
    dialect = connection.dialect
    quote = dialect.identifier_preparer.quote
    names = _names(rows)
    columns = [inspect(model).columns[name] for name in names]
    into = f"{quote(inspect(model).local_table.name)} ({', '.join(quote(column.name) for column in columns)})"
    values = list(
        zip(*(_column(rows, name, column.type, dialect) for name, column in zip(names, columns, strict=True)), strict=True)
    )
    cursor: Any = connection.connection.cursor()
    try:
        if dialect.name == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(names))})", values)  # noqa: S608 - names of columns
    finally:
        cursor.close()


def _names(rows: list[Row]) -> list[str]:
    """Every column that some row has."""
    names: dict[str, None] = {}
    for row in rows:
        if len(row) != len(names) or not row.keys() <= names.keys():
            names.update(dict.fromkeys(row))
    return list(names)


def _column(rows: list[Row], name: str, kind: Any, dialect: Any) -> list[Any]:
    """The values of one column as the driver wants them."""
    try:
        found = list(map(itemgetter(name), rows))
    except KeyError:
        found = [row.get(name) for row in rows]
    turn: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return [None if value is None else turn(value) for value in found] if turn else found
