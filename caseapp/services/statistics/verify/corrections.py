"""What a correction may not tell: a change of few, and what the release that it corrects did not show.

Reckoned from the facts of both, by no code of those who made the correction. One person moves a number by the greatest part of one
person at most, so that a change of more than (threshold - 1) times that is one of the threshold's number of people at least: for
everybody, and for each station and contractor of what is not their own.
"""

from collections import defaultdict
from collections.abc import Iterator

from caseapp.services.statistics.verify.evidence import Earlier, Evidence, Fault

HIDDEN = "*"
EVERYBODY = ("everybody", "")
Cell = tuple[str, str, str]  # measure, area, key


def faults(evidence: Evidence) -> Iterator[Fault]:
    """Every cell of a correction that tells too much beside an earlier release of its period."""
    found: dict[Fault, None] = {}
    for earlier in evidence.earlier:
        changes, most = _changes(evidence, earlier)
        for table in evidence.catalogue.tables:
            if table.derived:
                continue
            for values in ((), *table.cells()):
                key = table.dims_key(*(value.code for value in values))
                least = table.least(values, evidence.catalogue.threshold)
                for area in evidence.areas:
                    now, then = (told.get((table.code, area.code, key)) for told in (evidence.shown, earlier.shown))
                    if now in (None, HIDDEN) or then is None:
                        continue
                    cell = (table.measure, area.code, key)
                    if then == HIDDEN:
                        found[Fault("a correction shows what was hidden before", table.code, area.code)] = None
                    elif any(0 < abs(change) <= (least - 1) * most[cell] for change in changes.get(cell, ())):
                        found[Fault("a correction tells a change of few", table.code, area.code)] = None
    yield from found


def _changes(evidence: Evidence, earlier: Earlier) -> tuple[dict[Cell, list[int]], dict[Cell, int]]:
    """By how much each cell changed, as a whole and without the part of each insider; and the greatest part of one person."""
    moved: dict[tuple[str, str, str, str], int] = defaultdict(int)
    largest: dict[tuple[str, str, str, str], int] = defaultdict(lambda: 1)
    for facts, sign in ((evidence.facts, 1), (earlier.facts, -1)):
        for fact in facts:
            at = (fact.measure, fact.area, fact.station, fact.key)
            moved[at] += sign * fact.value
            largest[at] = max(largest[at], fact.largest)
    own: dict[Cell, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    most: dict[Cell, int] = defaultdict(lambda: 1)
    for (measure, place, station, key), change in moved.items():
        if not change:
            continue
        who = [EVERYBODY, ("station", station)]
        if station in evidence.contractors:
            who.append(("contractor", evidence.contractors[station]))
        for area in evidence.chains.get(place, ()):
            cell = (measure, area, key)
            most[cell] = max(most[cell], largest[measure, place, station, key])
            for name in who:
                own[cell][name] += change
    found = {}
    for cell, held in own.items():
        whole = held[EVERYBODY]
        found[cell] = [whole, *(whole - part for name, part in held.items() if name != EVERYBODY)]
    return found, most
