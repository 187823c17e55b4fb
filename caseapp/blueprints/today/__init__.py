"""Today: what waits for the signed-in role."""

from caseapp.blueprints.today.pages import bp

__all__ = ["bp"]
