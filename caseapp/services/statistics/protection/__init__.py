"""The protection of a release: which cells are not shown, and the worlds that prove that nobody can tell what they are."""

from caseapp.services.statistics.protection.beside import Beside
from caseapp.services.statistics.protection.plan import Asked, Plan, protect
from caseapp.services.statistics.protection.targets import Rules

__all__ = ["Asked", "Beside", "Plan", "Rules", "protect"]
