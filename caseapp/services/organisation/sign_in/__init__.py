"""Signing in and out: entering with a password or a code, what ends sessions and tokens, and what one changes of the own."""

from caseapp.services.organisation.sign_in.enter import REFUSED, Token, make_token, rules_for_strangers, sign_in, use_code
from caseapp.services.organisation.sign_in.leave import (
    end_all,
    end_device,
    end_everybodys,
    end_grant,
    end_token,
    sign_out,
    sign_out_everywhere,
)
from caseapp.services.organisation.sign_in.own import change_password, choose_language, confirm, switch_grant
from caseapp.services.organisation.sign_in.second import Entered, half, second_step

__all__ = [
    "REFUSED", "Entered", "Token", "change_password", "choose_language", "confirm", "end_all", "end_device", "end_everybodys",
    "end_grant", "end_token", "half", "make_token", "rules_for_strangers", "second_step", "sign_in", "sign_out", "sign_out_everywhere", "switch_grant",
    "use_code",
]  # fmt: skip
