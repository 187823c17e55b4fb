"""Gettext under short names, so that labels and messages are translated when shown and never when defined."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext, ngettext

__all__ = ["_", "_l", "lazy_ngettext", "ngettext"]
