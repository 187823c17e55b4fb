"""What a means sheet still lacks: codes and counts; some must be there before it is finished, others are said and stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseapp.models.details.assistance.means import MEMBERS, MONEY, MeansSection, MeansSheet
from caseapp.queries.details.assistance import sums

PEOPLE = 2  # who enquire together


@dataclass(frozen=True)
class Gap:
    """One thing missing: in which section, what, how often, and whether the sheet cannot be finished without it."""

    section: str
    code: str
    count: int = 1
    needed: bool = False


def of(sheet: MeansSheet, sections: Mapping[str, MeansSection]) -> list[Gap]:
    """Everything missing, what is needed first."""
    found = [*_enquiry(sheet), *_members(sections[MEMBERS])]
    keys = sums.counted(sections[MEMBERS].content or [])
    for name in MONEY:
        found += _lines(sections[name], keys)
    if not sheet.paper_place:  # last: it is signed when everything stands
        found.append(Gap("visit", "paper_place", needed=True))
    return sorted(found, key=lambda gap: not gap.needed)


def staff_of(sheet: MeansSheet) -> list[dict[str, Any]]:
    """Those who enquired, as far as they are named."""
    return [one for one in sheet.staff or [] if one.get("user") or one.get("name")]


def _enquiry(sheet: MeansSheet) -> list[Gap]:
    missing = {
        "day": sheet.enquired_on is None,
        "methods": not sheet.methods,
        "two_staff": len(staff_of(sheet)) < PEOPLE,
        "consent": sheet.consent_how is None or sheet.consent_on is None,
    }
    found = [Gap("visit", code, needed=True) for code, is_missing in missing.items() if is_missing]
    if sheet.consent_how == "refused":
        found.append(Gap("visit", "refused", needed=True))
    return found


def _members(section: MeansSection) -> list[Gap]:
    members = section.content or []
    open_ = sum(1 for member in members if member.get("counted") is None)
    found = [Gap(MEMBERS, "undecided", open_, needed=True)] if open_ else []
    if not sums.counted(members):
        found.append(Gap(MEMBERS, "nobody", needed=True))
    if not section.saved:
        found.append(Gap(MEMBERS, "not_looked_at", needed=True))
    return found


def _lines(section: MeansSection, keys: set[str]) -> list[Gap]:
    lines = section.content or []
    if not section.saved:
        return [Gap(section.section, "not_asked", needed=True)]
    counts = {
        "no_evidence": sum(1 for line in lines if line.get("evidence") in (None, "none")),
        "declared": sum(1 for line in lines if line.get("basis") != "verified"),
        "no_place": sum(1 for line in lines if line.get("evidence") not in (None, "none") and not line.get("place")),
        "not_counted": sum(1 for line in lines if not sums.belongs(line, keys)),
    }
    return [Gap(section.section, code, count) for code, count in counts.items() if count]
