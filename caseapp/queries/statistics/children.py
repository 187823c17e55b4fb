"""The measure of child welfare: children by the level of the guardianship assessment that was confirmed last."""

from caseapp.queries.statistics.measures.levels import last_level
from caseapp.queries.statistics.measures.measure import Measure

MEASURES = (Measure("guardianship", last_level("child_guardianship", "guardianship")),)
