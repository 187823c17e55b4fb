"""Forms of signing in, one-time codes and passwords (field names by contract.md section 3)."""

from wtforms import PasswordField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.schemas.organisation.sign_in import ChangePasswordSchema, ProofSchema, SignInSchema, UseCodeSchema

USERNAME = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(CommandForm):
    """Name and password."""

    schema = SignInSchema
    refused = _l("Not signed in")
    username = StringField(_l("User name"), render_kw=USERNAME)
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


class UseCodeForm(CommandForm):
    """A one-time code and the new password."""

    schema = UseCodeSchema
    username = StringField(_l("User name"), render_kw=USERNAME)
    code = StringField(
        _l("One-time code"),
        description=_l("It stands on the paper your administrator gave you. Hyphens and lower case do not matter."),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    password = PasswordField(_l("New password"), render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("New password once more"), render_kw={"autocomplete": "new-password"})


class ChangePasswordForm(CommandForm):
    """The present password and a new one."""

    schema = ChangePasswordSchema
    current = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("New password"), render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("New password once more"), render_kw={"autocomplete": "new-password"})


class ProofForm(CommandForm):
    """The password or a code; the page says which."""

    schema = ProofSchema
    refused = _l("Not taken")
    proof = PasswordField(_l("Password or code"))
