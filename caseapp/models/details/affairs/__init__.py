"""What social affairs keep beyond any case: the matter of the case, and rows of its own for each matter."""

from caseapp.models.details.affairs.case import AffairsDetail
from caseapp.models.details.affairs.disability import DisabilityMatter, DisabilityNeed, NeedsLook
from caseapp.models.details.affairs.family import FamilyMatter
from caseapp.models.details.affairs.funerals import FuneralAdvice
from caseapp.models.details.affairs.psychiatric import PsychiatricFinding, PsychiatricMatter, PsychiatricStep
from caseapp.models.details.affairs.vagrants import VagrantMatter, VagrantPlace
from caseapp.models.details.affairs.violence import PoliceReport, SafetyPlan, ViolenceMatter, ViolencePath

__all__ = [
    "AffairsDetail",
    "DisabilityMatter",
    "DisabilityNeed",
    "FamilyMatter",
    "FuneralAdvice",
    "NeedsLook",
    "PoliceReport",
    "PsychiatricFinding",
    "PsychiatricMatter",
    "PsychiatricStep",
    "SafetyPlan",
    "VagrantMatter",
    "VagrantPlace",
    "ViolenceMatter",
    "ViolencePath",
]
