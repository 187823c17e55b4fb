"""Numbers of other papers: passports, birth certificates, disability cards, what no rule is known of, and no document at all."""

import re

from caseapp.core.identity_numbers.citizen import eighteen
from caseapp.core.identity_numbers.number import Ask, IdentityNumber, only, tidy, undamaged
from caseapp.core.identity_numbers.words import BadIdentityNumber


def passport(ask: Ask) -> IdentityNumber:
    """Passports and travel permits: no rule by country, 5 to 20 letters and digits."""
    undamaged(ask.text)
    only(ask.text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not 5 <= len(ask.text) <= 20:
        raise BadIdentityNumber("length", wanted="5–20", count=len(ask.text))
    return IdentityNumber(ask.kind, ask.text)


def birth_certificate(ask: Ask) -> IdentityNumber:
    """A letter and nine digits in the present form; others warn."""
    plain = passport(ask)
    fits = re.fullmatch(r"[A-Z]\d{9}", plain.normalised)
    return IdentityNumber(ask.kind, plain.normalised, warnings=() if fits else ("unverified",))


def disability(ask: Ask) -> IdentityNumber:
    """The citizen number, a digit for the kind and one for the grade; a card issued again may add B and a number."""
    undamaged(ask.text)
    number, _, again = ask.text.partition("B")
    if len(number) != 20:
        raise BadIdentityNumber("length", wanted=20, count=len(number))
    born, sex = eighteen(number[:18], ask)
    if number[18] not in "1234567":
        raise BadIdentityNumber("category", position=19)
    if number[19] not in "1234":
        raise BadIdentityNumber("grade", position=20)
    if again and not re.fullmatch(r"\d{1,2}", again):
        raise BadIdentityNumber("characters", position=22)
    if ask.holder and tidy(ask.holder) != number[:18]:
        raise BadIdentityNumber("holder_mismatch")
    warnings = ("reissued",) if again else ()
    return IdentityNumber(ask.kind, ask.text, born, sex, warnings, number[18], number[19])


def other(ask: Ask) -> IdentityNumber:
    """Anything that may stand on a paper, unverified."""
    undamaged(ask.text)
    if len(ask.text) > 40:
        raise BadIdentityNumber("length", wanted="1–40", count=len(ask.text))
    for position, sign in enumerate(ask.text, start=1):
        if not (sign.isalnum() or sign in "()〔〕[]/.号第字"):
            raise BadIdentityNumber("characters", position=position)
    return IdentityNumber(ask.kind, ask.text, warnings=("unverified",))


def nothing(ask: Ask) -> IdentityNumber:
    """No document, so no number."""
    if ask.text:
        raise BadIdentityNumber("not_expected")
    return IdentityNumber(ask.kind, "")
