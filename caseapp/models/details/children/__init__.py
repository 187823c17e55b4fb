"""What a children's case keeps beyond any case: the child's situation, care and safety, mandatory reports."""

from caseapp.models.details.children.care import ChildrenContact, ChildrenDelegation, ChildrenSafetyCheck
from caseapp.models.details.children.detail import ChildrenDetail
from caseapp.models.details.children.report import ChildrenReport, ChildrenTold

__all__ = ["ChildrenContact", "ChildrenDelegation", "ChildrenDetail", "ChildrenReport", "ChildrenSafetyCheck", "ChildrenTold"]
