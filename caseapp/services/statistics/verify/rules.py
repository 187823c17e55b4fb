"""What every possible world keeps, beside the cells that are shown: what anybody knows of how the figures are made.

Each rule is a row over the stations' sums; one that the truth itself breaks at a place binds nobody there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from caseapp.reference.statistics import plain
from caseapp.services.statistics.verify.evidence import Fault
from caseapp.services.statistics.verify.keys import Names, finest
from caseapp.services.statistics.verify.periods import Span, pairs
from caseapp.services.statistics.verify.truth import Truth, Whole
from caseapp.services.statistics.verify.worlds import Frame, Worlds


@dataclass(frozen=True)
class Term:
    """A sum of one frame by a grouping: `keys` are its columns that count, put together; `sign` is 1 or -1."""

    frame: Frame
    names: Names
    keys: tuple[int, ...]
    sign: int


def faults(worlds: Worlds, before: Mapping[str, Truth], span: Span) -> Iterator[Fault]:
    """Every rule that a witness breaks. `before`: the stocks before each period, "" before the release's own."""
    truth = worlds.truth
    for measure in truth.catalogue.linked():
        frames = worlds.certificate.of(measure)
        yield from _agreements(worlds, frames)
        for frame in frames:
            if truth.grid(frame.names).overlap:
                yield from _groups(worlds, frame)
    for rule in truth.catalogue.never_more:
        for small, large in _pairs(worlds, rule.small, rule.large, rule.at):
            if _breaks(worlds, [large, small], None, at_least=True):
                yield Fault("in a witness a part is greater than its whole", rule.small)
    for pair in truth.catalogue.balances:
        if pair.stock:
            for terms, gap in _balances(worlds, before.get(plain(pair.stock)[1]), pair, span):
                if _breaks(worlds, terms, gap, at_least=False):
                    yield Fault("a witness breaks the balance with the stock", pair.stock)
    yield from _over_time(worlds, span)


def _over_time(worlds: Worlds, span: Span) -> Iterator[Fault]:
    """What adds up over time is the sum of its months, a stock the last month's; persons count once a quarter."""
    for way, whole, parts in pairs(span, worlds.truth):
        for key in _shared(worlds, (*reversed(parts), whole)):
            at, own = _term(worlds, whole, [key], -1), [_term(worlds, part, [key]) for part in parts]
            if at is None or None in own:
                continue
            told = [term for term in own if term]
            if way == "distinct":
                few = [[replace(at, sign=1), replace(term, sign=-1)] for term in told]
                if any(_breaks(worlds, terms, None, at_least=True) for terms in (*few, [*told, at])):
                    yield Fault("a witness counts somebody twice or not at all in a quarter", whole)
            elif _breaks(worlds, [*(told[-1:] if way == "stock" else told), at], None, at_least=False):
                yield Fault("in a witness the months are not their quarter", whole)


def _agreements(worlds: Worlds, frames: Sequence[Frame]) -> Iterator[Fault]:
    """Two frames of a measure count the same things: what both can say must change alike at every station."""
    catalogue = worlds.truth.catalogue
    for place, one in enumerate(frames):
        for other in frames[place + 1 :]:
            a, b = worlds.truth.grid(one.names), worlds.truth.grid(other.names)
            names = finest(catalogue, a.closure & b.closure)
            if a.says(names) and b.says(names) and not (a.overlap | b.overlap) - set(names):
                here, there = worlds.sums(one, names), worlds.sums(other, names)
                if (here.tocsr() != there.tocsr()).nnz:
                    yield Fault("two groupings of a witness do not add up to the same", one.measure)


def _groups(worlds: Worlds, frame: Frame) -> Iterator[Fault]:
    """Persons of a group are some of the persons of its ages, of all where no age is known."""
    truth = worlds.truth
    grid = truth.grid(frame.names)
    (name,) = grid.overlap
    at = grid.names.index(name)
    for number, values in enumerate(grid.values):
        whole = _term(worlds, frame.measure, [f"age_band={band}" for band in values[at].ages]) if values[at].ages else None
        whole = whole or _term(worlds, frame.measure, [""])
        part = Term(frame, frame.names, (number,), -1)
        if whole and _breaks(worlds, [whole, part], None, at_least=True):
            yield Fault("in a witness a group is greater than those it is a part of", frame.measure)


def _term(worlds: Worlds, measure: str, keys: Sequence[str], sign: int = 1) -> Term | None:
    places = [worlds.truth.place(key) for key in keys]
    names = places[0][0] if places[0] else None
    if names is None or any(place is None or place[0] != names for place in places):
        return None
    sayers = worlds.sayers(measure, names)
    return Term(sayers[0], names, tuple(place[1] for place in places if place), sign) if sayers else None


def _shared(worlds: Worlds, measures: Sequence[str]) -> list[str]:
    """Keys that all of some measures can say: the total, and the frames of the first that the others say too."""
    if not all(worlds.sayers(measure, ()) for measure in measures):
        return []
    found = [""]
    for frame in worlds.certificate.of(measures[0]):
        if frame.names and all(worlds.sayers(measure, frame.names) for measure in measures[1:]):
            found += worlds.truth.grid(frame.names).keys
    return found


def _pairs(worlds: Worlds, small: str, large: str, at: str) -> Iterator[tuple[Term, Term]]:
    for key in [""] if at else _shared(worlds, (small, large)):
        part, whole = _term(worlds, small, [key], -1), _term(worlds, large, [at or key])
        if part and whole:
            yield part, whole


def _balances(worlds: Worlds, before: Truth | None, pair: Any, span: Span) -> Iterator[tuple[list[Term], Whole | None]]:
    """What came less what went less the stock, and what the stock was at the stations of this period.

    What it was in the month before is another sum where that month is looked at too.
    """
    truth, earlier = worlds.truth, span.month_before(pair.stock)
    if before is None and earlier is None:
        return
    signs = {pair.came: 1, pair.went: -1, pair.stock: -1} | ({earlier: 1} if earlier else {})
    for key in _shared(worlds, tuple(signs)):
        found = [_term(worlds, measure, [key], sign) for measure, sign in signs.items()]
        terms = [term for term in found if term]
        if len(terms) < len(found):
            continue
        if earlier:
            yield terms, None
        elif before is not None and (place := before.place(key)) is not None:
            old = before.of_measure(plain(pair.stock)[0], place[0])[0][:, place[1]]
            rows = [before.station.get(name) for name in truth.stations]
            yield terms, np.array([0 if row is None else old[row] for row in rows], dtype=np.int64)


def _breaks(worlds: Worlds, terms: Sequence[Term], constant: Whole | None, *, at_least: bool) -> bool:
    """Whether a witness leaves what the truth keeps: a sum that is nothing, or (`at_least`) not less than nothing.

    At every station where the truth keeps it, and in every area that keeps it though a station of it does not.
    """
    truth = worlds.truth
    held = np.zeros(len(truth.stations), dtype=np.int64) if constant is None else constant.copy()
    parts, shape = [], (worlds.certificate.count, len(truth.stations))
    for term in terms:
        held += term.sign * truth.of_measure(term.frame.measure, term.names)[0][:, list(term.keys)].sum(axis=1)
        told = worlds.sums(term.frame, term.names)
        chosen = np.isin(told.coords[1], term.keys)
        rows = told.coords[0][chosen]
        where = (rows // worlds.stations, rows % worlds.stations)
        parts.append(sparse.csr_array((term.sign * told.data[chosen], where), shape=shape))
    change = sum(parts[1:], parts[0]).tocoo()
    change.eliminate_zeros()
    if _left(change, held, at_least):
        return True
    kept = held >= 0 if at_least else held == 0
    loose = truth.member @ (~kept).astype(np.int64) > 0  # areas in which a station breaks the rule
    if not loose.any():
        return False
    above = truth.member[np.flatnonzero(loose)]
    wide = (change.tocsr() @ above.T).tocoo()
    wide.eliminate_zeros()
    return _left(wide, above @ held, at_least)


def _left(change: Any, held: Whole, at_least: bool) -> bool:
    place = change.coords[1]
    if at_least:
        return bool(((held[place] >= 0) & (held[place] + change.data < 0)).any())
    return bool(((held[place] == 0) & (change.data != 0)).any())
