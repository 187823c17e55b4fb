"""Numbers by the rule of the citizen number (GB 11643-1999): identity cards, residence permits, foreign residents."""

from datetime import date

from caseapp.core.identity_numbers.number import Ask, IdentityNumber, only, undamaged
from caseapp.core.identity_numbers.words import BadIdentityNumber

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"
PROVINCES = frozenset(
    f"{region}{number}"
    for region, last in (("1", 5), ("2", 3), ("3", 7), ("4", 6), ("5", 4), ("6", 5))
    for number in range(1, last + 1)
) | {"50", "71", "81", "82", "83"}


def check_digit(first17: str) -> str:
    """The last character of a citizen number."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def _birth(digits: str, ask: Ask) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise BadIdentityNumber("impossible_date") from None
    if born > ask.today:
        raise BadIdentityNumber("future_date")
    if (ask.today.year - born.year) - ((ask.today.month, ask.today.day) < (born.month, born.day)) > ask.oldest:
        raise BadIdentityNumber("too_old")
    return born


def eighteen(number: str, ask: Ask) -> tuple[date, str]:
    """Birth and sex of an 18-character number whose every part is right."""
    only(number[:17], "0123456789")
    if number[17] not in "0123456789X":
        raise BadIdentityNumber("characters", position=18)
    fits = check_digit(number[:17]) == number[17]
    if not fits and number.endswith("000"):
        raise BadIdentityNumber("rounded_by_spreadsheet")
    born = _birth(number[6:14], ask)
    if not fits:
        raise BadIdentityNumber("checksum")
    return born, "1" if int(number[16]) % 2 else "2"


def citizen(ask: Ask) -> IdentityNumber:
    """Identity cards and household books: 18 characters, or 15 digits of before 2000 that are brought to 18."""
    undamaged(ask.text)
    number, warnings = ask.text.removesuffix(".0"), []
    if len(number) == 15:
        only(number, "0123456789")
        century = "18" if number[12:] in ("996", "997", "998", "999") else "19"  # kept for people of a hundred years
        number = number[:6] + century + number[6:]
        number += check_digit(number)
        warnings.append("old_15_digits")
    if len(number) != 18:
        raise BadIdentityNumber("length", wanted=18, count=len(number))
    born, sex = eighteen(number, ask)
    provinces = {prefix[:2] for prefix in ask.known}
    if number[:2] in ("81", "82", "83"):
        warnings.append("looks_like_permit")
    elif number[0] == "9":
        warnings.append("looks_like_foreign")
    elif number[:2] not in PROVINCES or (number[:2] in provinces and number[:6] not in ask.known):
        warnings.append("unknown_prefix")
    return IdentityNumber(ask.kind, number, born, sex, tuple(warnings))


def permit(ask: Ask) -> IdentityNumber:
    """Residence permits: 18 characters beginning 810000 and 820000 (Hong Kong, Macao) or 830000 (Taiwan)."""
    undamaged(ask.text)
    if len(ask.text) != 18:
        raise BadIdentityNumber("length", wanted=18, count=len(ask.text))
    if ask.text[:6] not in (("830000",) if ask.kind == "TW" else ("810000", "820000")):
        raise BadIdentityNumber("prefix")
    born, sex = eighteen(ask.text, ask)
    return IdentityNumber(ask.kind, ask.text, born, sex)


def foreign(ask: Ask) -> IdentityNumber:
    """Foreign permanent residents: three letters and twelve digits, or since 2023-12-01 eighteen characters.

    The new form is not published in full, so what does not fit the citizen rule only warns.
    """
    undamaged(ask.text)
    if len(ask.text) == 15:
        only(ask.text[:3], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for position, sign in enumerate(ask.text[3:], start=4):
            if not ("0" <= sign <= "9"):
                raise BadIdentityNumber("characters", position=position)
        return IdentityNumber(ask.kind, ask.text)
    if len(ask.text) != 18:
        raise BadIdentityNumber("length", wanted=18, count=len(ask.text))
    only(ask.text[:17], "0123456789")
    try:
        born, sex = eighteen(ask.text, ask)
    except BadIdentityNumber as bad:
        if bad.code == "characters":
            raise
        return IdentityNumber(ask.kind, ask.text, warnings=("unverified",))
    return IdentityNumber(ask.kind, ask.text, born, sex, () if ask.text[0] == "9" else ("unverified",))
