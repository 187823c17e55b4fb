"""Forms of the second factor."""

from typing import Any

from wtforms import IntegerField, PasswordField, StringField

from caseapp.access.limits import BOUNDS
from caseapp.access.roles import ROLES
from caseapp.core.text import _l
from caseapp.forms.base import CommandForm, VersionedForm
from caseapp.forms.fields import Ticks
from caseapp.reference import defaults
from caseapp.schemas.organisation.factors import BeginFactorSchema, SecondStepSchema, SetControlsSchema

CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class SecondStepForm(CommandForm):
    """A code."""

    schema = SecondStepSchema
    refused = _l("Not taken")
    code = StringField(
        _l("Code"),
        description=_l("Six digits from your authenticator app, or one of your recovery codes."),
        render_kw=CODE,
    )


class BeginFactorForm(CommandForm):
    """The password once more."""

    schema = BeginFactorSchema
    refused = _l("Not taken")
    password = PasswordField(_l("Your password"), render_kw={"autocomplete": "current-password"})


class SetControlsForm(VersionedForm):
    """Roles, days until it counts, reason."""

    schema = SetControlsSchema
    roles = Ticks(_l("Roles that need a second factor"))
    days = IntegerField(
        _l("Days until a role that is new here needs it"),
        default=14,
        description=_l("Until then people are reminded at sign-in; from then on they set it up before they get in."),
    )
    reason = StringField(_l("Reason"), description=_l("It goes into the trail. No names of clients."))

    def offer(self) -> None:
        """Every role there is; the limits in the words of the settings."""
        self.roles.choices = [(code, role.label) for code, role in ROLES.items()]
        for name in BOUNDS:
            known = defaults()[f"sign_in.{name}"]
            self[name].label.text = known.label(self.language())

    @property
    def limits(self) -> list[Any]:
        """The fields of the limits."""
        return [self[name] for name in BOUNDS]


for _name in BOUNDS:  # one field for each limit there is
    setattr(SetControlsForm, _name, IntegerField(_name))
