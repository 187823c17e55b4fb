"""The form that keeps filters by name."""

from wtforms import HiddenField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.schemas.trust.filters import SaveFilterSchema


class SaveFilterForm(CommandForm):
    """A name for the filters of a list."""

    schema = SaveFilterSchema
    listing = HiddenField()
    domain = HiddenField()
    query = HiddenField()
    name = StringField(_l("Name of these filters"))
