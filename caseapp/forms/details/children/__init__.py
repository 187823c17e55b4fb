"""Forms of the work with children."""

from caseapp.forms.details.children.detail import ChildrenForm

__all__ = ["ChildrenForm"]
