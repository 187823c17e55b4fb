"""Domestic violence as forms: what is known, safety plan, paths, report to the police, safe contact."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.details.affairs.base import KeepForm
from caseapp.forms.fields import CodeChoice, CodePicks, YesNo
from caseapp.schemas.details.affairs.violence import (
    FindViolenceSchema,
    PathSchema,
    PoliceReportSchema,
    SafeContactSchema,
    SafetyPlanSchema,
    ViolenceSchema,
)


class ViolenceForm(KeepForm):
    """What happened, who harms, whether the person can decide alone."""

    schema = ViolenceSchema
    found_at = StringField(_l("When the station learned of it"))
    capacity = CodePicks(_l("Capacity to act of the person harmed"), codes="affairs_capacity")
    harmed_by = CodeChoice(_l("Who harms: relation to the person"), codes="relation")
    lives_together = YesNo(_l("They live together"))
    children_see = YesNo(_l("Children see or hear it"))
    what_happened = TextAreaField(_l("What happened"))
    wishes = TextAreaField(_l("What the person wants"))


class SafetyPlanForm(KeepForm):
    """What to do when it begins again."""

    schema = SafetyPlanSchema
    made_on = StringField(_l("Worked out on"))
    signs = TextAreaField(_l("Signs that it begins"))
    safe_place = TextAreaField(_l("Where to go, and by which way"))
    packed = TextAreaField(_l("What is packed, and where it lies"))
    call = TextAreaField(_l("Whom to call"))
    for_children = TextAreaField(_l("What the children do"))
    code_word = StringField(_l("Code word"))


class PathForm(CommandForm):
    """A way to help, and the answer."""

    schema = PathSchema
    path = CodePicks(_l("Way to help"), codes="affairs_path")
    answer = CodePicks(_l("What the person said"), codes="affairs_path_answer")
    happened_on = StringField(_l("Day"))
    result = TextAreaField(_l("Which office, number, what came of it"))


class PoliceReportForm(CommandForm):
    """The report that the law asks for."""

    schema = PoliceReportSchema
    reported_at = StringField(_l("When it was reported"))
    how = CodePicks(_l("How it was reported"), codes="affairs_report_how")
    told = StringField(_l("To which station and whom"))
    receipt = StringField(_l("Number of the receipt"))
    said = TextAreaField(_l("What was reported"))


class SafeContactForm(VersionedForm):
    """How and when contact does no harm."""

    schema = SafeContactSchema
    safe_contact = TextAreaField(_l("How and when contact does no harm"))


class FindViolenceForm(VersionedForm):
    """Violence came to light."""

    schema = FindViolenceSchema
    found_on = StringField(_l("When it came to light"))
    reason = TextAreaField(_l("How it came to light"))
