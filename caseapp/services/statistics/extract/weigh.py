"""Risk and loss before anything is made: the cases are read, the lattice is searched, the would-be file is measured and thrown away."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from caseapp.adapters import keys
from caseapp.models.statistics import StatExtractCase
from caseapp.queries.statistics import extracts as queries
from caseapp.services.statistics.extract import files, kept, lattice, shape
from caseapp.services.statistics.extract.measure import measure
from caseapp.services.statistics.extract.shape import Chosen, TrueCase
from caseapp.services.statistics.extract.union import Handed, common_values, measure_union

Say = Callable[[int, str], None]


@dataclass(frozen=True)
class Read:
    """What a job works on: the cases that may go, what earlier extracts hold, how many cases are left out and why."""

    cases: tuple[TrueCase, ...]
    earlier: tuple[Handed, ...]
    left_out: Mapping[str, int]


def read(session: Any, years: Sequence[int]) -> Read:
    """The closed cases of these years that no extract has shown, with keyed marks in place of their ids."""
    ring = keys.ring()
    gone = set(session.scalars(select(StatExtractCase.case_mark)))
    found, shown = [], 0
    for case in queries.closed_cases(session, years):
        mark = ring.index("extract case", str(case.case_id))
        if mark in gone:
            shown += 1
            continue
        person = ring.index("extract person", case.person).hex()
        household = ring.index("extract household", case.household).hex() if case.household else None
        found.append(TrueCase(mark.hex(), person, household, case.values, case.sensitive))
    left_out = queries.left_out(session, years) | {"shown": shown}
    return Read(tuple(found), tuple(kept.earlier(session)), left_out)


def problem_of(chosen: Chosen, held: Read) -> lattice.Problem:
    """The problem of these cases beside what earlier extracts hold."""
    before = common_values(held.earlier, {case.person for case in held.cases})
    return shape.problem(chosen, held.cases, before)


def weigh(chosen: Chosen, held: Read, say: Say) -> tuple[dict[str, int] | None, dict[str, Any]]:
    """The best levels with a report of risk and loss; None with what stands in the way where nothing keeps the rules."""
    report: dict[str, Any] = {"cases": len(held.cases), "left_out": dict(held.left_out)}
    recipient = chosen.kind.recipient(chosen.recipient)
    if len(held.cases) < recipient.records_per_area:
        return None, report | {"why": [["records_per_area", "", len(held.cases), recipient.records_per_area]]}
    problem = problem_of(chosen, held)
    found = lattice.search(problem, lambda percent: say(10 + percent * 8 // 10, "searching"))
    if found is None:
        return None, report | {"why": in_the_way(chosen, held)}
    levels = shape.levels_of(chosen, found.levels)
    stay = [case for case, stays in zip(held.cases, found.kept, strict=True) if stays]
    say(92, "measuring")
    made = files.written(chosen, levels, stay)
    limits = kept.limits_of(chosen, levels)
    measured = measure(made.content, chosen.quasi, chosen.sensitive, limits, made.marks)
    union = measure_union([*held.earlier, kept.handed_of(chosen, made.content, made.marks)], limits)
    report |= {
        "tried": found.tried,
        "loss": round(found.loss, 4),
        "suppressed": len(held.cases) - len(stay),
        "attributes": _losses(chosen, problem, found),
        "risk": measured.plain(),
        "discernibility": _discernibility(chosen, levels, stay),
        "earlier": len(held.earlier),
    }
    if measured.faults or union:
        return None, report | {"why": [list(fault) for fault in (*measured.faults, *union)]}
    return levels, report


def in_the_way(chosen: Chosen, held: Read) -> list[list[Any]]:
    """What does not hold even where nothing but the sensitive values is told: these cannot be told of these cases at all."""
    levels = {one.code: one.top for one in chosen.told}
    made = files.written(chosen, levels, held.cases)
    measured = measure(made.content, chosen.quasi, chosen.sensitive, kept.limits_of(chosen, levels), made.marks)
    return [list(fault) for fault in measured.faults] or [["combination", "", 0, 0]]


def _losses(chosen: Chosen, problem: lattice.Problem, found: lattice.Found) -> list[dict[str, Any]]:
    """By attribute: its level, what that loses of its entropy, and how far leaving records out moves its spread."""
    told = []
    for one, column, place in zip(chosen.told, problem.columns, found.levels, strict=True):
        codes = column.codes[place]
        whole, left = Counter(codes.tolist()), Counter(codes[found.kept].tolist())
        far = sum(abs(count / len(codes) - left[code] / sum(left.values())) for code, count in whole.items()) / 2
        lost = column.losses[place] / one.weight if one.weight else 0.0
        told.append(
            {"code": one.code, "level": one.lowest(chosen.recipient) + place, "lost": round(lost, 4), "moved": round(far, 4)}
        )
    return told


def _discernibility(chosen: Chosen, levels: Mapping[str, int], cases: Sequence[TrueCase]) -> int:
    """The sum of the squares of the sizes of all classes."""
    classes = Counter(tuple(shape.row_of(chosen, levels, case)[code] for code in chosen.quasi) for case in cases)
    return sum(size * size for size in classes.values())
