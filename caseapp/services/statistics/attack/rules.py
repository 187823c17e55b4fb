"""What an attacker knows beside sums: from the definitions under the tables and from common sense, written down on his side.

A rule that the true figures break (a month cut off before a late entry came) is no knowledge: the gate, which has the truth,
leaves such a row out; somebody without it would see sooner or later that it cannot be.
"""

from dataclasses import dataclass

from caseapp.reference.groups import target_groups
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.attack.read import Key


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
    never_more_than: tuple[tuple[str, str, Key], ...] = ()  # the total of the first is not more than one cell of the second
    by_age: bool = False  # who is in a group of a stated age is in the bands of that age
    flows: frozenset[str] = frozenset()  # the months of a period add up to it
    stocks: frozenset[str] = frozenset()  # the last month of a period is it
    once: frozenset[str] = frozenset()  # each person once a period: no month is more than it, all months together not less
    passing: frozenset[str] = frozenset()  # dimensions whose value for one and the same thing is another at another day


OURS = Rules(
    balances=(
        Balance("on_file", "enrolled", "ended"),
        Balance("cases_active", "cases_opened", "cases_closed", ("domain",)),
    ),
    never_more=(("visited", "visits"),),
    never_more_than=(("visited", "visits", (("outcome", "done"),)),),
    by_age=True,
    flows=frozenset(
        {"visits", "services", "hours", "consultations", "assessments", "cases_opened", "cases_closed", "duty"}
        | {"aid_requests", "resident_requests", "referrals", "disability_needs"}
    ),
    stocks=frozenset({"on_file", "cases_active"}),
    once=frozenset({"enrolled", "ended", "visited", "ability", "guardianship"}),
    passing=frozenset(
        {"age_band", "served_age", "group", "status", "referral_outcome", "aid_answer", "answered", "satisfied", "ability"}
    ),
)


def bands_of(catalogue: Catalogue, dim: str, code: str) -> tuple[str, list[str]] | None:
    """The dimension of ages and its bands that hold everybody of a group whose age is known, by what its tags are defined for.

    None where one of its tags may be anybody's.
    """
    value = catalogue.dimensions[dim].value(code)
    tags = [target_groups()[tag] for tag in value.codes] if value else []
    ages = next((d for d in catalogue.dimensions.values() if any(v.youngest is not None for v in d.values)), None)
    if ages is None or not tags or any(tag.age_from is None and tag.age_below is None for tag in tags):
        return None
    least = min(tag.age_from or 0 for tag in tags)
    below = max(tag.age_below or 1000 for tag in tags)
    bands = [v for v in ages.values if v.youngest is not None]
    return ages.code, [v.code for v in bands if int(v.youngest or 0) < below and (v.oldest is None or v.oldest >= least)]
