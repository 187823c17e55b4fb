"""The filter form of the trail."""

from wtforms import DateField, SelectField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import FilterForm
from caseapp.schemas.trust.trail import TrailFilterSchema

KINDS = (
    ("", _l("All kinds")),
    ("change", _l("Changes")),
    ("read", _l("Reads")),
    ("refusal", _l("Refusals")),
    ("sign_in", _l("Sign-ins")),
    ("event", _l("Events")),
)


class TrailFilterForm(FilterForm):
    """Kind, user name, file number, days."""

    schema = TrailFilterSchema
    kind = SelectField(_l("Kind"), choices=KINDS)
    username = StringField(_l("User name"))
    file_no = StringField(_l("File number"))
    from_on = DateField(_l("From"))
    to_on = DateField(_l("To"))
