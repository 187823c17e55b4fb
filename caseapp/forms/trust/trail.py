"""The filter form of the trail."""

from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from caseapp.core.text import _l
from caseapp.forms.base import FilterForm
from caseapp.schemas.trust.trail import TrailFilterSchema

KINDS = [
    SelectChoice("", _l("All kinds")),
    SelectChoice("change", _l("Changes")),
    SelectChoice("read", _l("Reads")),
    SelectChoice("refusal", _l("Refusals")),
    SelectChoice("sign_in", _l("Sign-ins")),
    SelectChoice("event", _l("Events")),
]


class TrailFilterForm(FilterForm):
    """Kind, user name, file number, days."""

    schema = TrailFilterSchema
    kind = SelectField(_l("Kind"), choices=KINDS, validate_choice=False)
    username = StringField(_l("User name"))
    file_no = StringField(_l("File number"))
    from_on = DateField(_l("From"))
    to_on = DateField(_l("To"))
