"""One linear system over the measures that are tied to each other."""

from caseapp.services.statistics.protection.system.build import build, components
from caseapp.services.statistics.protection.system.shape import Block, Matrix, System
from caseapp.services.statistics.protection.system.ties import insides

__all__ = ["Block", "Matrix", "System", "build", "components", "insides"]
