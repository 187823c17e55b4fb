"""What the pages of social assistance say: gaps in words, who enquired, for whom something is."""

from typing import Any
from uuid import UUID

from caseapp.core.text import _, ngettext
from caseapp.models.details.assistance import MeansSheet
from caseapp.queries.details.assistance.gaps import Gap, staff_of
from caseapp.queries.organisation import workers


def gap_words(gap: Gap) -> str:
    """One thing a sheet lacks, as a sentence."""
    n = gap.count
    counted = {
        "no_evidence": lambda: ngettext("%(num)s line without a paper", "%(num)s lines without a paper", n),
        "declared": lambda: ngettext("%(num)s line not verified", "%(num)s lines not verified", n),
        "no_place": lambda: ngettext(
            "%(num)s line whose paper lies nobody knows where", "%(num)s lines whose paper lies nobody knows where", n
        ),
        "not_counted": lambda: ngettext(
            "%(num)s line of a person who is not counted, left out of the sums",
            "%(num)s lines of persons who are not counted, left out of the sums",
            n,
        ),
        "undecided": lambda: ngettext("%(num)s member still to be decided on", "%(num)s members still to be decided on", n),
    }
    if gap.code in counted:
        return counted[gap.code]()
    return {
        "day": _("the day of the enquiry"),
        "methods": _("how it was enquired"),
        "two_staff": _("the second person who enquired"),
        "consent": _("the family's consent and its day"),
        "paper_place": _("where the signed sheet lies"),
        "refused": _("the family does not agree to the check: nothing more is asked"),
        "nobody": _("nobody is counted as living with the family"),
        "not_looked_at": _("the members were not looked through yet"),
        "not_asked": _("not asked yet"),
    }[gap.code]


def staff_words(sheet: MeansSheet) -> list[str]:
    """Those who enquired, by name, somebody from elsewhere with the office."""
    found = staff_of(sheet)
    names = workers.names(UUID(one["user"]) for one in found if one.get("user"))
    return [
        names.get(UUID(one["user"]), "")
        if one.get("user")
        else _("%(name)s (%(office)s)", name=one["name"], office=one.get("office") or "")
        for one in found
    ]


def for_whom(keys: list[str] | None, members: list[Any]) -> list[str]:
    """The names something is for; empty for the whole family."""
    named = {member.key: member.name or _("Name not shown") for member in members}
    return [named.get(key, _("no longer in the household")) for key in keys or []]


def grouped(gaps: list[Gap]) -> list[tuple[str, list[str]]]:
    """What stays open, one line for each section."""
    found: dict[str, list[str]] = {}
    for gap in gaps:
        found.setdefault(gap.section, []).append(gap_words(gap))
    return list(found.items())
