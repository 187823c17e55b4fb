"""The measure of elderly services: persons assessed by the level of ability that was confirmed last."""

from caseapp.queries.statistics.measures.levels import last_level
from caseapp.queries.statistics.measures.measure import Measure

MEASURES = (Measure("ability", last_level("gbt42195", "ability")),)
