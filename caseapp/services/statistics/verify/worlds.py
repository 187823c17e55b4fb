"""The witnesses of a certificate: read, and each added up whether it is a possible world that shows the same release."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from caseapp.services.statistics.verify.cells import Cells
from caseapp.services.statistics.verify.evidence import Fault
from caseapp.services.statistics.verify.keys import Names
from caseapp.services.statistics.verify.truth import Truth, Whole

MOST = 512 * 1024 * 1024  # bytes of an unpacked certificate: a province takes some tens of megabytes
VERSION = 1


@dataclass
class Frame:
    """The differences of all witnesses in one frame: who moves what where, one entry for each atom that differs."""

    measure: str
    names: Names
    witness: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    station: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    key: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    delta: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass
class Certificate:
    """What was read: frames with the differences, and the witnesses that stand for each cell, upwards and downwards."""

    frames: list[Frame]
    count: int
    cells: dict[tuple[str, str, str], tuple[list[int], list[int]]]

    def of(self, measure: str) -> list[Frame]:
        """The frames of one measure."""
        return [frame for frame in self.frames if frame.measure == measure]


class Unreadable(Exception):
    """The bytes are no certificate of this release; the message says why."""


def read(content: bytes, period: str, truth: Truth) -> Certificate:
    """Reads the bytes. Raises Unreadable with a sentence, also for atoms that no station or catalogue knows."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            text = packed.read(MOST + 1)
        if len(text) > MOST:
            raise Unreadable("the certificate is larger than any of ours")
        raw = json.loads(text)
        if (raw["version"], raw["period"]) != (VERSION, period):
            raise Unreadable("the certificate is of another version or period")
        frames = [Frame(entry["measure"], tuple(names)) for entry in raw["frames"] for names in entry["frames"]]
        cells = {tuple(entry["cell"]): (list(entry["up"]), list(entry["down"])) for entry in raw["cells"]}
        _fill(frames, raw["witnesses"], truth)
        return Certificate(frames, len(raw["witnesses"]), cells)
    except Unreadable:
        raise
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Unreadable("the certificate cannot be read") from error


def _fill(frames: Sequence[Frame], witnesses: Sequence[Any], truth: Truth) -> None:
    place = {(frame.measure, frame.names): number for number, frame in enumerate(frames)}
    known: dict[tuple[str, str], tuple[int, int]] = {}
    columns: list[list[tuple[int, int, int, int]]] = [[] for _frame in frames]
    for number, witness in enumerate(witnesses):
        for (measure, area, station, key), delta in witness:
            if (measure, key) not in known:
                at = truth.place(key)
                if at is None or (measure, at[0]) not in place:
                    raise Unreadable("the certificate names an atom that is in none of its frames")
                known[measure, key] = place[measure, at[0]], at[1]
            where = truth.station.get((area, station))
            if where is None or type(delta) is not int:
                raise Unreadable("the certificate names a station without numbers, or a difference that is no whole number")
            at_frame, column = known[measure, key]
            columns[at_frame].append((number, where, column, delta))
    for told, held in zip(frames, columns, strict=True):
        array = np.array(held, dtype=np.int64).reshape(-1, 4)
        told.witness, told.station, told.key, told.delta = array.T


class Worlds:
    """What the witnesses change: stations' sums by any grouping, and cells."""

    def __init__(self, truth: Truth, cells: Cells, certificate: Certificate) -> None:
        self.truth, self.cells, self.certificate = truth, cells, certificate
        self.stations = len(truth.stations)
        self._sums: dict[tuple[int, Names], Any] = {}

    def sums(self, frame: Frame, names: Names) -> Any:
        """Differences by another grouping: a sparse matrix (witness × station) × keys."""
        if (id(frame), names) not in self._sums:
            self._sums[id(frame), names] = self._summed(frame, names)
        return self._sums[id(frame), names]

    def _summed(self, frame: Frame, names: Names) -> Any:
        grid, coarser = self.truth.grid(frame.names), self.truth.grid(names)
        onto = grid.onto(coarser) if len(grid.keys) else np.zeros(0, dtype=np.int64)
        rows = frame.witness * self.stations + frame.station
        shape = (self.certificate.count * self.stations, len(coarser.keys))
        # coordinates, not rows: witness × station is mostly empty
        found = sparse.coo_array((frame.delta, (rows, onto[frame.key])), shape=shape)
        found.sum_duplicates()
        found.eliminate_zeros()
        return found

    def moved(self) -> tuple[Whole, Whole, Whole]:
        """(witness, cell, difference) of every published cell that a witness changes, in order of both."""
        parts = [
            self._moved(block, frame) for block in self.cells.blocks for frame in self.sayers(block.measure, block.grid.names)[:1]
        ]
        witness, cell, delta = (np.concatenate([np.zeros(0, np.int64), *(part[i] for part in parts)]) for i in range(3))
        order = np.lexsort((cell, witness))
        return witness[order], cell[order], delta[order]

    def _moved(self, block: Any, frame: Frame) -> tuple[Whole, Whole, Whole]:
        told = self.sums(frame, block.grid.names)
        rows, keys = told.coords
        witness, station = rows // self.stations, rows % self.stations
        width = len(block.grid.keys)
        # to every area of the chain of its station
        depth = max((len(chain) for chain in self.truth.chain), default=0)
        chains = np.full((self.stations, depth), -1, dtype=np.int64)
        for number, chain in enumerate(self.truth.chain):
            chains[number, : len(chain)] = chain
        spread = chains[station]
        real = spread >= 0
        at = np.repeat(witness, depth)[real.ravel()]
        cell = (spread * width + keys[:, None]).ravel()[real.ravel()]
        delta = np.repeat(told.data, depth)[real.ravel()]
        found = sparse.coo_array((delta, (at, cell)), shape=(self.certificate.count, block.size))
        found.sum_duplicates()
        found.eliminate_zeros()
        rows, cells = found.coords
        stands = block.stands.ravel()[cells]
        return rows[stands].astype(np.int64), cells[stands].astype(np.int64) + block.start, found.data[stands]

    def sayers(self, measure: str, names: Names) -> list[Frame]:
        """The frames of a measure whose atoms add up to a grouping."""
        return [frame for frame in self.certificate.of(measure) if self.truth.grid(frame.names).says(names)]

    def touched(self) -> list[frozenset[int]]:
        """Of each witness the insiders whose own numbers it contradicts."""
        found: list[set[int]] = [set() for _witness in range(self.certificate.count)]
        for frame in self.certificate.frames:
            pairs = np.unique(frame.witness * self.stations + frame.station)
            for pair in pairs.tolist():
                found[pair // self.stations].update(self.truth.of[pair % self.stations])
        return [frozenset(insiders) for insiders in found]

    def negative(self) -> Iterator[Fault]:
        """Worlds in which a station has fewer than nothing of something, or a difference is told twice."""
        for frame in self.certificate.frames:
            true = self.truth.of_measure(frame.measure, frame.names)[0]
            world = true[frame.station, frame.key] + frame.delta
            width = max(len(self.truth.grid(frame.names).keys), 1)
            atoms = (frame.witness * self.stations + frame.station) * width + frame.key
            if (world < 0).any():
                yield Fault("a witness has less than nothing of something", frame.measure)
            if len(np.unique(atoms)) != len(atoms):
                yield Fault("a witness tells one difference twice", frame.measure)
