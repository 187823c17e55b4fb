"""The map of squares: one for each county-level division, laid out by hand so that neighbours stay near each other."""

from dataclasses import dataclass
from functools import cache

from caseapp.reference.files import insist, read_json, unique


@dataclass(frozen=True)
class Tile:
    """The square of one county: where it lies, and the three characters that fit into it."""

    code: str
    short: str
    column: int
    row: int

    @property
    def city(self) -> str:
        """The code of the city or prefecture it belongs to."""
        return f"{self.code[:4]}00000000"


@cache
def tiles() -> tuple[Tile, ...]:
    """Every square, row by row."""
    where, found = "maps/tiles.json", []
    raw = read_json(where)
    for entry in raw["tiles"]:
        found.append(Tile(*entry))
        insist(0 <= found[-1].column < raw["columns"] and 0 <= found[-1].row < raw["rows"], f"{where}: {entry} lies outside")
    unique((tile.code for tile in found), where)
    unique((f"{tile.column},{tile.row}" for tile in found), where)
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))
