"""The typed part of a children's case as a form."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.details.base import DetailForm
from caseapp.forms.fields import CodeChoice, YesNo
from caseapp.schemas.details.children import ChildrenSchema


class ChildrenForm(DetailForm):
    """Parents, guardian and carer, school, health, the child's own view, needs and strengths."""

    schema = ChildrenSchema
    father_state = CodeChoice(_l("Father"), codes="children_parent_state")
    father_since = StringField(_l("Since when"))
    father_where = StringField(_l("Where that parent is"))
    father_contact = CodeChoice(_l("In touch with the child"), codes="children_parent_contact")
    mother_state = CodeChoice(_l("Mother"), codes="children_parent_state")
    mother_since = StringField(_l("Since when"))
    mother_where = StringField(_l("Where that parent is"))
    mother_contact = CodeChoice(_l("In touch with the child"), codes="children_parent_contact")
    guardian = CodeChoice(_l("Guardian"), codes="children_guardian")
    guardian_name = StringField(_l("Name of the guardian"))
    carer = CodeChoice(_l("Who really looks after the child"), codes="children_carer")
    carer_name = StringField(_l("Name of the carer"))
    carer_age = StringField(_l("Age of the carer"))
    carer_note = TextAreaField(_l("How the carer manages"))
    school = CodeChoice(_l("School"), codes="children_school")
    school_name = StringField(_l("Name of the school"))
    grade = StringField(_l("Grade and class"))
    boarding = YesNo(_l("Boards at school"))
    attendance = CodeChoice(_l("Attendance"), codes="children_attendance")
    hukou = CodeChoice(_l("Household registration"), codes="children_hukou")
    health_note = TextAreaField(_l("Health"))
    own_view = TextAreaField(_l("What the child itself says and wants"))
    own_view_on = StringField(_l("When the child was asked"))
    needs = TextAreaField(_l("Problems and needs"))
    strengths = TextAreaField(_l("Strengths and resources"))
