"""What may be shown of a number or a name when the whole is not wanted: enough to recognise, too little to use."""

from caseapp.core.surnames import COMPOUND


def mask_number(number: str | None) -> str:
    """220***********1234: first three and last four; of a short one the last two at most."""
    text = number or ""
    if len(text) < 9:
        keep = min(2, len(text) // 3)
        return "*" * (len(text) - keep) + (text[-keep:] if keep else "")
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


def mask_phone(number: str | None) -> str:
    """138****2206 for a mobile; a landline keeps its area code and last three digits."""
    text = number or ""
    if "-" in text:
        area, _, rest = text.partition("-")
        local = rest.split("-")[0]
        return f"{area}-{'*' * (len(local) - 3)}{local[-3:]}"
    if len(text) < 9:
        return mask_number(text)
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


def mask_name(name: str | None) -> str:
    """王某某: the surname, and one or two 某 for the rest."""
    text = (name or "").strip()
    if not text or text.startswith("无名氏"):
        return text
    surname = text[:2] if text[:2] in COMPOUND and len(text) > 2 else text[:1]
    return surname + "某" * max(1, min(2, len(text) - len(surname)))
