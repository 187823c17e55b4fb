"""The people of a station, for its head: what is in whose name, who is absent, who has left."""

from caseapp.blueprints.team import covers, leaving, pages
from caseapp.blueprints.team.blueprint import bp

__all__ = ["bp", "covers", "leaving", "pages"]
