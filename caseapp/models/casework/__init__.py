"""Persons on file, households, cases and the work on them."""

from caseapp.models.casework.assessment import Assessment
from caseapp.models.casework.case import Case, CaseEvent, CaseMember
from caseapp.models.casework.client import Client, Contact, IdentityDocument, RefusedItem, TargetTag
from caseapp.models.casework.consent import Consent
from caseapp.models.casework.duplicate import ClientApart, ClientMerge, StationMatch
from caseapp.models.casework.enrolment import Enrolment
from caseapp.models.casework.handover import Handover, HandoverItem
from caseapp.models.casework.household import Household, HouseholdMember, MemberLink
from caseapp.models.casework.plan import Goal, Plan, PlanItem
from caseapp.models.casework.referral import OutsideBody, Referral, ReferralNote, ReferralPacket, ReferralRequest
from caseapp.models.casework.review import Review, ReviewComment
from caseapp.models.casework.service import ServiceRecord
from caseapp.models.casework.task import Task
from caseapp.models.casework.village import VillageContact
from caseapp.models.casework.visit import Visit, VisitPerson

__all__ = [
    "Assessment",
    "Case",
    "CaseEvent",
    "CaseMember",
    "Client",
    "ClientApart",
    "ClientMerge",
    "Consent",
    "Contact",
    "Enrolment",
    "Goal",
    "Handover",
    "HandoverItem",
    "Household",
    "HouseholdMember",
    "IdentityDocument",
    "MemberLink",
    "OutsideBody",
    "Plan",
    "PlanItem",
    "Referral",
    "ReferralNote",
    "ReferralPacket",
    "ReferralRequest",
    "RefusedItem",
    "Review",
    "ReviewComment",
    "ServiceRecord",
    "StationMatch",
    "TargetTag",
    "Task",
    "VillageContact",
    "Visit",
    "VisitPerson",
]
