"""The unified social credit code of an organisation (GB 32100-2015): 18 characters, the last a check character mod 31."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z


def credit_code(text: str) -> str | None:
    """The code in capitals when it is one, else None."""
    code = "".join(text.split()).upper()
    if len(code) != 18 or any(letter not in ALPHABET for letter in code):
        return None
    return code if code[17] == check_character(code[:17]) else None


def check_character(first: str) -> str:
    """The check character of the first 17."""
    total = sum(ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return ALPHABET[(31 - total % 31) % 31]
