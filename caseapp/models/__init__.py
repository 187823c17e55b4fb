"""Tables, by wing: columns, constraints and relationships; no queries, no rules."""

from caseapp.models import casework, details, organisation, statistics, trust

__all__ = ["casework", "details", "organisation", "statistics", "trust"]
