"""Input of the work with children: the typed part of a case, care and safety, mandatory reports."""

from caseapp.schemas.details.children.detail import ChildrenSchema

__all__ = ["ChildrenSchema"]
