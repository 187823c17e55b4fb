"""Handing over inside the station: offered, answered, ordered by the head."""

from caseapp.blueprints.handovers import answers, pages
from caseapp.blueprints.handovers.blueprint import bp

__all__ = ["answers", "bp", "pages"]
