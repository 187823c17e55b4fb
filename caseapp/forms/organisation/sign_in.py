"""The sign-in form (fields named by contract.md section 3)."""

from wtforms import PasswordField, StringField

from caseapp.core.text import _l
from caseapp.forms.base import CommandForm
from caseapp.schemas.organisation.sign_in import SignInSchema


class SignInForm(CommandForm):
    """Name and password."""

    schema = SignInSchema
    username = StringField(_l("User name"), render_kw={"autocomplete": "username", "autocapitalize": "none"})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})
