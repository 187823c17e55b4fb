"""Stations at a glance, for supervisor, township and head: what is late, risky or missing, the lists behind it, the workload."""

from caseapp.blueprints.oversight import pages, workload  # noqa: F401 - they hang their views on the blueprint
from caseapp.blueprints.oversight.blueprint import bp

__all__ = ["bp"]
