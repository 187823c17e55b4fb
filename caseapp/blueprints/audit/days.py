"""Days that stand out in words: what was counted, and why somebody should look."""

from typing import Any

from flask import url_for

from caseapp.core.text import ngettext
from caseapp.queries.trust.signs import Sign


def sentence(sign: str, count: int) -> str:
    """What stood out, in one sentence."""
    if sign == "glass":
        return ngettext(
            "%(num)s restricted file opened in an emergency", "%(num)s restricted files opened in an emergency", count
        )
    if sign == "many_files":
        return ngettext("%(num)s file opened in a day", "%(num)s files opened in a day", count)
    if sign == "at_night":
        return ngettext("%(num)s read between 22:00 and 6:00", "%(num)s reads between 22:00 and 6:00", count)
    return ngettext("refused %(num)s time in a day", "refused %(num)s times in a day", count)


def address(sign: Sign) -> str:
    """The page on which somebody looks."""
    return url_for("audit.day", user_id=sign.user.id, day=sign.day.isoformat(), sign=sign.sign)


def line(found: Any, sign: str) -> str:
    """The same of a day that was read whole."""
    counts = {
        "many_files": len(found.files),
        "at_night": found.at_night,
        "glass": found.broken,
        "refused": found.kinds.get("refusal", 0),
    }
    return sentence(sign, counts[sign])
