"""The published cells as sums of atoms."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.frames import read_key
from caseapp.services.statistics.protection.numbers import Cell, Whole
from caseapp.services.statistics.protection.system.shape import Block, Matrix


def cells_of(
    catalogue: Catalogue,
    measures: tuple[str, ...],
    areas: Sequence[Area],
    inside: list[Whole],
    blocks: list[Block],
    width: int,
    stations: int,
) -> tuple[list[Cell], Matrix, list[TableKind], Whole, Whole, Whole]:
    """Names of all cells, a row of atoms for each, the first table that holds it, its threshold, the number of its area, its level."""
    names: list[Cell] = []
    tables: list[TableKind] = []
    least: list[int] = []
    of: list[int] = []
    parts: list[Matrix] = []
    members = sparse.csr_array(
        (
            np.ones(sum(len(held) for held in inside), dtype=np.int64),
            (np.repeat(np.arange(len(areas)), [len(held) for held in inside]), np.concatenate([*inside, np.zeros(0, np.int64)])),
        ),
        shape=(len(areas), stations),
    )
    linked = catalogue.linked()
    for measure in measures:
        own = [block for block in blocks if block.frame.measure == measure]
        held: dict[str, list[str]] = {}
        known: dict[str, tuple[TableKind, int]] = {}
        for table in linked[measure]:
            for values in ((), *table.cells()):
                key = table.dims_key(*(value.code for value in values))
                k = table.least(values, catalogue.threshold)
                before = known.get(key, (table, 0))
                known[key] = (before[0], max(before[1], catalogue.contributors if table.magnitude else k))
                held[key] = list(dict.fromkeys([*held.get(key, ()), *table.levels]))
        shapes: dict[tuple[str, ...], list[str]] = {}
        for key, levels in held.items():
            shapes.setdefault(tuple(sorted(levels)), []).append(key)
        for reach, keys in shapes.items():
            chosen = [number for number, area in enumerate(areas) if area.level in reach]
            if not chosen:
                continue
            parts.append(_rows(own, keys, members[chosen], width, stations))
            for number in chosen:
                for key in keys:
                    names.append((measure, areas[number].code, key))
                    tables.append(known[key][0])
                    least.append(known[key][1])
                    of.append(number)
    rows = sparse.vstack(parts, format="csr") if parts else sparse.csr_array((0, width), dtype=np.int64)
    order = {level: number for number, level in enumerate(("province", "city", "management_area", "county", "township"))}
    level = np.array([order[areas[number].level] for number in of], dtype=np.int64)
    return names, rows, tables, np.array(least, dtype=np.int64), np.array(of, dtype=np.int64), level


def _rows(blocks: list[Block], keys: list[str], members: Matrix, width: int, stations: int) -> Matrix:
    """One row for each area and key: the atoms of the first frame that can say the key."""
    chosen: list[list[tuple[int, NDArray[np.bool_]]]] = [[] for _block in blocks]
    for number, key in enumerate(keys):
        place, mask = next(
            (place, mask) for place, block in enumerate(blocks) for mask in (block.frame.mask(read_key(key)),) if mask is not None
        )
        chosen[place].append((number, mask))
    parts, at = [], 0
    for block, told in zip(blocks, chosen, strict=True):
        if block.start > at:
            parts.append(sparse.csr_array((members.shape[0] * len(keys), block.start - at), dtype=np.int64))
        masks = np.zeros((len(keys), block.width), dtype=np.int64)
        for number, mask in told:
            masks[number] = mask
        parts.append(sparse.kron(members, sparse.csr_array(masks), format="csr"))
        at = block.start + stations * block.width
    if at < width:
        parts.append(sparse.csr_array((members.shape[0] * len(keys), width - at), dtype=np.int64))
    found: Matrix = sparse.hstack(parts, format="csr").astype(np.int64)
    found.eliminate_zeros()
    return found
