"""Forms of social assistance: the typed part of a case, means sheets, applications, benefits."""

from caseapp.forms.details.assistance.detail import AssistanceForm

__all__ = ["AssistanceForm"]
