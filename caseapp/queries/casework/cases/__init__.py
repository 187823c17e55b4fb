"""Reading cases: one, the list of a domain, what a case file shows."""

from caseapp.queries.casework.cases.one import detail_of, latest_of, many, one, opened

__all__ = ["detail_of", "latest_of", "many", "one", "opened"]
