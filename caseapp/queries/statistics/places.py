"""The tree of areas that figures stand on: organisations from the province down to townships that have a station."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.models.organisation import Division, Organisation
from caseapp.reference.statistics import LEVELS


@dataclass(frozen=True)
class Node:
    """One area: its code, path and parent's code; `level` is the kind of the organisation."""

    code: str
    name: str
    level: str
    path: str
    parent: str | None


@dataclass(frozen=True)
class Places:
    """Areas in order of their paths, and where a station path belongs."""

    nodes: tuple[Node, ...]
    stations: dict[str, UUID]

    def of(self, station_path: str) -> tuple[str, UUID] | None:
        """(area, station) of a path at or below a station; None when no such station is known."""
        station = self._deepest(station_path, self.stations)
        area = self._deepest(station_path, self._by_path)
        return (self._by_path[area], self.stations[station]) if station and area else None

    def station_of(self, path: str) -> str | None:
        """The path of the station that a path lies at or below."""
        return self._deepest(path, self.stations)

    @cached_property
    def _by_path(self) -> dict[str, str]:
        return {node.path: node.code for node in self.nodes}

    @staticmethod
    def _deepest(path: str, known: dict[str, Any]) -> str | None:
        while len(path) > 1:
            if path in known:
                return path
            path = path[: path.rindex("/", 0, -1) + 1]
        return None


def places(session: Any) -> Places:
    """The areas with at least one station, read in a system session."""
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.kind,
            Organisation.path,
            Organisation.short_name,
            Organisation.division_code,
            Division.name,
        )
        .outerjoin(Division, Division.code == Organisation.division_code)
        .order_by(Organisation.path)
    ).all()
    stations = {row.path: row.id for row in rows if row.kind == "station"}
    needed = {path[: i + 1] for path in stations for i, letter in enumerate(path) if letter == "/"}
    nodes: dict[str, Node] = {}
    for row in rows:
        if row.kind in LEVELS and row.path in needed:
            above = row.path[: row.path.rindex("/", 0, -1) + 1]
            parent = nodes.get(above)
            code = row.division_code or row.path.strip("/").rpartition("/")[2]
            nodes[row.path] = Node(code, row.name or row.short_name, row.kind, row.path, parent.code if parent else None)
    return Places(tuple(nodes.values()), stations)
