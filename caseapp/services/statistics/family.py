"""Which periods a release is looked at with: a quarter and its months once both kinds are out, and what was there before it.

Whoever has a quarter and two of its months has the third. So that the order in which they come out does not matter, all four are
one system as soon as the quarter and any month of it are out or about to be: a month that is not out is one of which nothing is shown.
"""

from collections.abc import Collection

from caseapp.core.periods import Period, Quarter, ends_with


def relatives(period: Period, released: Collection[str]) -> list[str]:
    """The other periods of the same quarter that a release must be looked at with; none where only one kind is out."""
    quarter = period if isinstance(period, Quarter) else period.quarter
    months = [name for name, _first, _last in quarter.months()]
    if isinstance(period, Quarter):
        return months if any(month in released for month in months) else []
    return [str(quarter), *(month for month in months if month != str(period))] if str(quarter) in released else []


def known_before(period: Period, released: Collection[str], *, with_months: bool = False) -> str:
    """The released period whose stocks are those before a period: of its own kind, else one that ends on the same day; or "".

    `with_months`: months of one quarter are looked at together, so that the one before is no constant there.
    """
    before = period.before()
    alike = ends_with(before)
    if with_months and not isinstance(period, Quarter) and getattr(before, "quarter", None) == period.quarter:
        return ""
    return next((str(one) for one in (before, alike) if one is not None and str(one) in released), "")
