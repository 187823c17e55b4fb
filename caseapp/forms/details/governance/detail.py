"""The typed part of a case of community governance as a form."""

from wtforms import StringField, TextAreaField

from caseapp.core.text import _l
from caseapp.forms.details.base import DetailForm
from caseapp.forms.fields import CodeTicks
from caseapp.schemas.details.governance import GovernanceSchema


class GovernanceForm(DetailForm):
    """What it is about, the size of a community, needs and resources."""

    schema = GovernanceSchema
    matters = CodeTicks(_l("Matters it concerns"), codes="governance_matter")
    households = StringField(_l("Households in the community"))
    residents = StringField(_l("Residents in the community"))
    needs = TextAreaField(_l("Problems and needs"))
    strengths = TextAreaField(_l("Strengths and resources"))
