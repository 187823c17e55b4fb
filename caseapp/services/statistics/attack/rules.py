"""What an attacker knows beside sums: from the definitions under the tables and from common sense, written down on his side.

A rule that the true figures break (a month cut off before a late entry came) is no knowledge: the gate, which has the truth,
leaves such a row out; somebody without it would see sooner or later that it cannot be.
"""

from dataclasses import dataclass

from caseapp.reference.groups import target_groups
from caseapp.reference.statistics import Catalogue


@dataclass(frozen=True)
class Balance:
    """Stock at the end = stock at the end before + what came - what went, in the total and by `dims` that nobody changes."""

    stock: str
    came: str
    went: str
    dims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """All of them. Empty ones make an attacker who only adds up."""

    balances: tuple[Balance, ...] = ()
    never_more: tuple[tuple[str, str], ...] = ()  # cell by cell, the first is never more than the second
    by_age: bool = False  # who is in a group of a stated age is in the bands of that age
    flows: frozenset[str] = frozenset()  # the months of a period add up to it
    stocks: frozenset[str] = frozenset()  # the last month of a period is it
    passing: frozenset[str] = frozenset()  # dimensions whose value for one and the same thing is another at another day
    sensitive: frozenset[str] = frozenset()  # all of a group in one value of these tells of each of them


OURS = Rules(
    balances=(
        Balance("on_file", "enrolled", "ended"),
        Balance("cases_active", "cases_opened", "cases_closed", ("domain",)),
    ),
    never_more=(("visited", "visits"),),
    by_age=True,
    flows=frozenset(
        {"visits", "services", "hours", "consultations", "assessments", "enrolled", "ended", "cases_opened", "cases_closed"}
        | {"aid_requests", "resident_requests"}
    ),
    stocks=frozenset({"on_file", "cases_active", "ability", "guardianship", "disability_needs"}),
    passing=frozenset({"age_band", "group"}),
)


def bands_of(catalogue: Catalogue, dim: str, code: str) -> tuple[str, list[str]] | None:
    """The dimension of ages and its bands that hold everybody of a group, by the ages its tags are defined for.

    None where one of its tags may be anybody's. Who is of no known age may belong to any group.
    """
    value = catalogue.dimensions[dim].value(code)
    tags = [target_groups()[tag] for tag in value.codes] if value else []
    ages = next((d for d in catalogue.dimensions.values() if any(v.youngest is not None for v in d.values)), None)
    if ages is None or not tags or any(tag.age_from is None and tag.age_below is None for tag in tags):
        return None
    least = min(tag.age_from or 0 for tag in tags)
    below = max(tag.age_below or 1000 for tag in tags)
    held = [v.code for v in ages.values if v.youngest is None or (v.youngest < below and (v.oldest is None or v.oldest >= least))]
    return ages.code, held
