"""Which rows of a table of persons the database itself shows: the place and the class, as `access/scope/` says it to the ORM.

A request says where it stands in settings that end with its transaction (`SETTINGS`) and seals them with a secret that only the
program and the owner of the database have: whoever could send SQL of their own cannot say another place. No setting, no row.
A place is compared as a range, without a sub-select around the setting: the planner reads a stable function's value when it plans,
so that it finds the index and knows how many rows to expect; what is compared row by row is read once (`(SELECT …)`).
"""

from typing import Any

import sqlalchemy as sa

from caseapp.extensions import Base
from caseapp.models.base import Authored, BetweenStations, OfPerson

SETTINGS = ("low", "high", "paths", "rows", "files", "lent", "user", "mine")

# Tables that name a person's file or place and have no policy, each with the reason
FREE = {
    "file_access": "read before anybody is known, to learn who comes: ids of users and files, no word about a person",
    "audit_entry": "the trail: whoever acts writes it wherever that was; ids only, values of persons as digests",
    "audit_seen": "the index of the trail, written with it: ids of users and files",
    "audit_review": "what auditors said of a colleague's day: no person on file",
    "draft": "typed text of the own form, sealed, by user and grant: it lies at no place",
    "stored_result": "answers to a repeated request, by user and key",
    "handover": "a frame between two colleagues: names no person on file",
    "stat_extract_case": "keyed marks of cases that were in an extract, which lead back to none",
}
LINES = ("client", "referral")  # of a minor's file others see that there is one


def _said(name: str) -> str:
    return f"current_setting('caseapp.{name}', true)"


def _list(name: str, kind: str) -> str:
    return f"(SELECT nullif({_said(name)}, '')::{kind}[])::{kind}[]"


def place(column: str) -> str:
    """The column lies at or under one of the places of the scope."""
    several = f"(SELECT {_said('paths')} = '') OR {column} ^@ ANY ({_list('paths', 'text')})"
    return f"{column} >= {_said('low')} AND {column} < {_said('high')} AND ({several})"


ALL_CLASSES = f"(SELECT {_said('rows')} = 'head')"
HOLDS = "(SELECT wall.holds())"


def _classes(table: str, columns: set[str], authored: bool) -> str:
    """Whose file's class is open to the scope: all for a head, else the ordinary ones and the files on the open list."""
    shown = "'P1', 'P2', 'minor'" if table in LINES else "'P1', 'P2'"
    opened = f"(class IN ({shown}) OR file_id = ANY ({_list('files', 'uuid')}))"
    ways = [ALL_CLASSES, f"({opened} AND NOT coalesce(class = 'P3' AND file_id = ANY ({_list('lent', 'uuid')}), false))"]
    if authored and "author_id" in columns:
        ways.append(f"author_id = (SELECT nullif({_said('user')}, '')::uuid)")
    if table == "handover_item":  # what waits for somebody shows its line, unless it is restricted
        ways.append(f"(to_id = (SELECT nullif({_said('user')}, '')::uuid) AND class <> 'P3')")
    return "(" + " OR ".join(ways) + ")"


def _between(table: str, columns: set[str]) -> tuple[str, str]:
    """(may be read, may be written) of what two stations share: the sender's side as any row, the receiver's from `reached` on."""
    shown = "'P1', 'P2', 'minor'" if table in LINES else "'P1', 'P2'"
    given = f"assigned_to_id = ANY ({_list('mine', 'uuid')})"
    sender = f"({place('from_path')} AND {_classes(table, columns, False)})"
    receiver = f"({place('to_path')} AND reached AND ({ALL_CLASSES} OR class IN ({shown}) OR {given}))"
    return f"({sender} OR {receiver})", f"({place('from_path')} OR {place('to_path')})"


def guarded() -> dict[str, Any]:
    """Every table with a policy, and its mapped class."""
    found = {str(mapper.class_.__tablename__): mapper.class_ for mapper in Base.registry.mappers}
    return {name: model for name, model in sorted(found.items()) if issubclass(model, OfPerson | BetweenStations)}


def statements(table: str, model: Any, columns: set[str]) -> list[str]:
    """The DDL that puts a table under the wall; one without the columns that rows are judged by is shut altogether.

    Reading goes by place and class. What is written must lie at a place of the scope, whatever its class: a worker writes down
    what is restricted and hands it on.
    """
    quoted = f'"{table}"'
    found = [f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY"]
    needed = {"from_path", "to_path", "reached", "assigned_to_id"} if issubclass(model, BetweenStations) else {"station_path"}
    if not needed | {"class", "file_id"} <= columns:
        return found
    if issubclass(model, BetweenStations):
        reads, writes = _between(table, columns)
    else:
        writes = place("station_path")
        reads = f"{writes} AND {_classes(table, columns, issubclass(model, Authored))}"
    reads, writes = f"{HOLDS} AND {reads}", f"{HOLDS} AND {writes}"
    return [
        *found,
        f"CREATE POLICY wall_read ON {quoted} FOR SELECT USING ({reads})",
        f"CREATE POLICY wall_add ON {quoted} FOR INSERT WITH CHECK ({writes})",
        f"CREATE POLICY wall_change ON {quoted} FOR UPDATE USING ({reads}) WITH CHECK ({writes})",
        f"CREATE POLICY wall_remove ON {quoted} FOR DELETE USING ({reads})",
    ]


def everything() -> str:
    """All of it as one text, to tell whether it has changed."""
    return "\n".join(
        line
        for name, model in guarded().items()
        for line in statements(name, model, {c.name for c in sa.inspect(model).local_table.c})
    )
