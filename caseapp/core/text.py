"""Gettext under short names, so that labels and messages are translated when shown and never when defined."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext, ngettext

__all__ = ["_", "_l", "lazy_ngettext", "ngettext", "opening"]


def opening(words: Any) -> Any:
    """Words of a code list where they open a line: the first letter large in English; Chinese and tags stay as they are."""
    if isinstance(words, str) and words[:1].islower():
        return type(words)(words[:1].upper() + words[1:])
    return words
