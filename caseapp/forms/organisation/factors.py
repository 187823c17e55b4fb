"""Forms of the second factor."""

from typing import Any

from wtforms import IntegerField, PasswordField, StringField

from caseapp.access.limits import BOUNDS, NONE_AT_ALL
from caseapp.access.roles import ROLES
from caseapp.core.text import _, _l
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
        """Every role there is; the limits in the words of the settings, each with how far it may be set."""
        self.roles.choices = [(code, role.label) for code, role in ROLES.items()]
        for name, (least, most) in BOUNDS.items():
            known = defaults()[f"sign_in.{name}"]
            self[name].label.text = known.label(self.language())
            bounds = {"least": least, "most": most}
            self[name].description = (
                _("From %(least)s to %(most)s; 0 for no such limit.", **bounds)
                if name in NONE_AT_ALL
                else _("From %(least)s to %(most)s.", **bounds)
            )

    @property
    def limits(self) -> list[Any]:
        """The fields of the limits."""
        return [self[name] for name in BOUNDS]


for _name in BOUNDS:  # one field for each limit there is
    setattr(SetControlsForm, _name, IntegerField(_name))
