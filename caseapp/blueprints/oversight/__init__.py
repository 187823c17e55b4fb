"""Stations at a glance, for supervisor, township and head: what is late, risky or missing, and the lists behind it."""

from caseapp.blueprints.oversight.pages import bp

__all__ = ["bp"]
