"""Organisation tree, divisions, users and grants."""

from caseapp.models.organisation.account import (
    ApiToken,
    Credential,
    FormerPassword,
    OneTimeCode,
    SignInGuard,
    User,
    UserSession,
)
from caseapp.models.organisation.cover import Cover
from caseapp.models.organisation.factor import HalfSignIn, RecoveryCode, SecondFactor
from caseapp.models.organisation.grant import Grant, GrantConfirmation, GrantPlace
from caseapp.models.organisation.settings import Setting
from caseapp.models.organisation.tree import Division, DivisionChange, FormerPlace, Organisation, Purchase

__all__ = [
    "ApiToken",
    "Cover",
    "Credential",
    "Division",
    "DivisionChange",
    "FormerPassword",
    "FormerPlace",
    "Grant",
    "GrantConfirmation",
    "GrantPlace",
    "HalfSignIn",
    "OneTimeCode",
    "Organisation",
    "Purchase",
    "RecoveryCode",
    "SecondFactor",
    "Setting",
    "SignInGuard",
    "User",
    "UserSession",
]
