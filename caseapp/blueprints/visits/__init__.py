"""Visits: due and overdue, the form, one visit, rounds, services."""

from caseapp.blueprints.visits import lists, record, round, services, undo  # noqa: F401 - views of the blueprint
from caseapp.blueprints.visits.blueprint import bp

__all__ = ["bp"]
