"""What is counted, over the true rows: for `statistics refresh` in a system session, and for a station's own screen.

A measure that belongs to all domains stands in a file here, one of a single domain in that domain's own file, named by its
descriptor. Each new file of the casework wing is one more name in `MEASURES`.
"""

from caseapp.queries.statistics.measures import cases, people, records, referrals, visits
from caseapp.queries.statistics.measures.measure import Measure, Span

MEASURES: tuple[Measure, ...] = (
    *people.MEASURES,
    *visits.MEASURES,
    *cases.MEASURES,
    *records.MEASURES,
    *referrals.MEASURES,
)

__all__ = ["MEASURES", "Measure", "Span"]
