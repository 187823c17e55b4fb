"""Input hygiene: what typed text is brought to before anything else looks at it."""

import re
import unicodedata

# control characters except line breaks and tab; marks that turn or isolate the direction of writing; BOM
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_text(text: str) -> str:
    """Several lines: NFC, no control or direction characters, one kind of line break, trimmed."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text).strip()


def clean_line(text: str) -> str:
    """One line: as `clean_text`, with every run of white space a single space."""
    return " ".join(clean_text(text).split())
