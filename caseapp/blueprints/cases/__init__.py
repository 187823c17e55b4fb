"""The pages of a case, made once for every service domain by `case_blueprint`."""

from caseapp.blueprints.cases.factory import case_blueprint

__all__ = ["case_blueprint"]
