"""Joining two records of one person at a station, and taking them apart again with every row as it was."""

from caseapp.services.casework.clients.merge import apart
from caseapp.services.casework.clients.merge.apart import keep_apart
from caseapp.services.casework.clients.merge.join import join
from caseapp.services.casework.clients.merge.undo import undo

__all__ = ["apart", "join", "keep_apart", "undo"]
