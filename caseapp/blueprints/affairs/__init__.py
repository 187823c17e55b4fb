"""Social affairs: the pages of a case, and those of its five matters."""

from caseapp.blueprints.affairs import disability, family, funerals, matter, psychiatric, vagrants, violence, voiding
from caseapp.blueprints.affairs.blueprint import bp

__all__ = ["bp", "disability", "family", "funerals", "matter", "psychiatric", "vagrants", "violence", "voiding"]
