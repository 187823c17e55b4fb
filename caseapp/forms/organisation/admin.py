"""Forms of accounts, grants and the tree; places are offered by the page, because there are a thousand of them."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from caseapp import reference
from caseapp.access.roles import ROLES
from caseapp.core.text import _, _l
from caseapp.forms.base import CommandForm, VersionedForm, blank
from caseapp.reference import naming
from caseapp.schemas.organisation import account as a
from caseapp.schemas.organisation import tree as t


class Places(SelectMultipleField):
    """Places as check boxes; the schema and the service judge."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """The schema judges."""


class CreateAccountForm(CommandForm):
    """A new account; the code for it is made by saving."""

    schema = a.CreateAccountSchema
    name = StringField(_l("Name of the person"), render_kw={"autocomplete": "off"})
    username = StringField(
        _l("User name"),
        description=_l("For signing in: a–z, 0–9, dot, hyphen, underscore. It does not change later."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    home_id = RadioField(_l("Place that looks after the account"), validate_choice=False, coerce=lambda v: v or "")

    def offer(self, places: Iterable[Any]) -> None:
        """The places to choose from."""
        self.home_id.choices = [(str(place.id), place.name) for place in places]


class ReasonForm(VersionedForm):
    """One act with its reason."""

    schema = a.ReasonedSchema
    reason = StringField(_l("Reason"), description=_l("It goes into the trail. No names of clients."))


class RefuseForm(CommandForm):
    """A no with its reason."""

    schema = a.RefuseSchema
    note = StringField(_l("Reason"), description=_l("The administrator reads it. No names of clients."))


class ProposeGrantForm(CommandForm):
    """A role at one or more places."""

    schema = a.ProposeGrantSchema
    role = SelectField(_l("Role"), validate_choice=False)
    places = Places(_l("Where"))
    from_on = StringField(_l("From"))
    to_on = StringField(_l("Until"))
    reason = StringField(_l("Reason"), description=_l("For instance the agreement or the letter of appointment."))

    def offer(self, role: str, places: Iterable[Any]) -> None:
        """The role that was chosen and the places it may be granted on."""
        self.role.choices = [(code, ROLES[code].label) for code in ROLES if code == role]
        self.places.choices = [(str(place.id), place.name) for place in places]


class _Hosted:
    """Offers the hosts of one kind of place."""

    host: SelectField

    def offer_hosts(self, kind: str, language: str) -> None:
        """The list, cut to the kind."""
        found = [h for h in reference.codes("host") if h.facts.get("for") in (kind, "both")]
        self.host.choices = [blank(), *((h.code, h.label(language)) for h in found)]


class OpenStationForm(_Hosted, CommandForm):
    """A new station."""

    schema = t.OpenStationSchema
    name = StringField(_l("Official name"))
    name_reason = StringField(_l("Why the name differs from the official one"))
    host = SelectField(_l("Where it sits"), validate_choice=False)
    contractor_id = SelectField(_l("Contractor"), validate_choice=False)
    opened_on = StringField(_l("Open since"))

    def offer(self, contractors: Iterable[Any]) -> None:
        """The lists to choose from."""
        self.offer_hosts("station", self.language())
        self.contractor_id.choices = [blank(), *((str(c.id), c.name) for c in contractors)]


class OpenPointForm(_Hosted, CommandForm):
    """A new service point; its name follows from village and ending."""

    schema = t.OpenPointSchema
    division_code = SelectField(_l("Village or community"), validate_choice=False)
    ending = RadioField(_l("The name ends with"), validate_choice=False, coerce=lambda v: v or "")
    host = SelectField(_l("Where it sits"), validate_choice=False)
    opened_on = StringField(_l("Open since"))

    def offer(self, villages: Iterable[Any]) -> None:
        """The lists to choose from."""
        self.offer_hosts("point", self.language())
        self.division_code.choices = [blank(), *((v.code, v.name) for v in villages)]
        self.ending.choices = [(ending, ending) for ending in naming.endings()]


class EditOrganisationForm(_Hosted, VersionedForm):
    """New facts of a station or point."""

    schema = t.EditOrganisationSchema
    name = StringField(_l("Official name"))
    name_reason = StringField(_l("Why the name differs from the official one"))
    short_name = StringField(_l("Short name"))
    phone = StringField(_l("Phone of the station"))
    host = SelectField(_l("Where it sits"), validate_choice=False)
    contractor_id = SelectField(_l("Contractor"), validate_choice=False)

    def offer(self, kind: str, contractors: Iterable[Any]) -> None:
        """The lists to choose from."""
        self.offer_hosts("station" if kind == "station" else "point", self.language())
        self.contractor_id.choices = [blank(), *((str(c.id), c.name) for c in contractors)]


class CloseOrganisationForm(VersionedForm):
    """Closing from a day on."""

    schema = t.CloseOrganisationSchema
    closed_on = StringField(_l("Closed on"))
    reason = StringField(_l("Reason"))


class MoveOrganisationForm(VersionedForm):
    """Another parent."""

    schema = t.MoveOrganisationSchema
    parent_id = RadioField(_l("New place above it"), validate_choice=False, coerce=lambda v: v or "")
    reason = StringField(_l("Reason"))

    def offer(self, places: Iterable[Any]) -> None:
        """The places to choose from."""
        self.parent_id.choices = [(str(place.id), place.name) for place in places]


class RegisterContractorForm(CommandForm):
    """A contractor and who buys from it."""

    schema = t.RegisterContractorSchema
    name = StringField(_l("Name of the contractor"))
    credit_code = StringField(_l("Unified social credit code"), description=_l("18 characters"))
    buyer_id = RadioField(_l("Who buys from it"), validate_choice=False, coerce=lambda v: v or "")
    from_on = StringField(_l("From"))

    def offer(self, places: Iterable[Any]) -> None:
        """The places to choose from."""
        self.buyer_id.choices = [(str(place.id), place.name) for place in places]


class DivisionsForm(FlaskForm):  # type: ignore[misc]  # flask-wtf carries no types
    """A file with changes of divisions; `content` carries it from the preview to the act. Judged line by line."""

    file = FileField(_l("CSV or XLSX file"))
    content = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Only that something was chosen."""
        valid = bool(super().validate(extra_validators))
        if not (self.content.data or hasattr(self.file.data, "read")):  # words where a file belongs are no file
            self.file.errors = [_("Choose a file.")]
            return False
        return valid
