"""Input hygiene: what typed text is brought to before anything else looks at it, and what was taken out of it."""

import re
import unicodedata

# control characters except line breaks and tab; halves of surrogate pairs, which no database takes; marks that turn or isolate
# the direction of writing and so can make a text read as another; zero-width and tag characters, which hide text; BOM.
# Variation selectors stay: rare characters of names need them.
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_SURROGATE = "\ud800-\udfff"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN = "\u00ad\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_UNWANTED = re.compile(f"[{_CONTROL}{_SURROGATE}{_DIRECTION}{_HIDDEN}]")
_REASONS = {
    "control_character": re.compile(f"[{_CONTROL}]"),
    "broken_character": re.compile(f"[{_SURROGATE}]"),
    "direction_mark": re.compile(f"[{_DIRECTION}]"),
    "hidden_character": re.compile(f"[{_HIDDEN}]"),
}
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")


def clean_text(text: str) -> str:
    """Several lines: NFC, no control, direction or hidden characters, one kind of line break, trimmed."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _BREAKS.sub("\n", text))).strip()


def clean_line(text: str) -> str:
    """One line: as `clean_text`, with every run of white space a single space."""
    return " ".join(clean_text(text).split())


def taken_out(text: str) -> tuple[str, ...]:
    """Reason codes of what cleaning removes; imports report them, forms clean in silence."""
    broken = _BREAKS.sub("\n", text)
    return tuple(code for code, pattern in _REASONS.items() if pattern.search(broken))
