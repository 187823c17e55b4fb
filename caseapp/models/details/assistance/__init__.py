"""What the domain of social assistance keeps: the typed part of a case, means sheets, applications with answers, benefits.

Income, property and what a family receives are sensitive (P2). An amount is needed for the sums on one sheet or the line of
one benefit and never for a list, a search or a statistic, so no amount has a column of its own: the lines of a section lie
sealed as one JSON text, bound to their row, and so does each answered amount. A sealed section also keeps what belongs
together: who the money is for, what paper shows it and where that lies. The price is that the database cannot add up; the
program does, over at most a few dozen lines (`queries/details/assistance/sums.py`). What lists are ordered and filtered by
stays clear: kind of aid, state, days.
"""

from caseapp.models.details.assistance.aid import AidAnswer, AidBenefit, AidRequest
from caseapp.models.details.assistance.detail import AssistanceDetail
from caseapp.models.details.assistance.means import MeansSection, MeansSheet

__all__ = ["AidAnswer", "AidBenefit", "AidRequest", "AssistanceDetail", "MeansSection", "MeansSheet"]
