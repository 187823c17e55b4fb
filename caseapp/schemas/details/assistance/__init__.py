"""Input of the domain of social assistance: the typed part of a case, means sheets, applications, benefits."""

from caseapp.schemas.details.assistance.detail import AssistanceSchema

__all__ = ["AssistanceSchema"]
