"""The points of a station in words: in a line, over their list, and what each of them counts."""

from dataclasses import dataclass
from typing import Any

from caseapp.core.text import _l
from caseapp.queries.casework.oversight.points import GROUPS, POINTS

GROUP_WORDS = {"late": _l("Late"), "risky": _l("Risky"), "missing": _l("Missing")}


@dataclass(frozen=True)
class Words:
    """Beside a number, over the list, and what is counted."""

    short: Any
    title: Any
    meaning: Any


POINT_WORDS = {
    "visits": Words(_l("visits"), _l("Visits late"), _l("Persons on file whose next visit was due before today.")),
    "steps": Words(_l("next steps"), _l("Steps late"), _l("Open cases whose next step was due before today.")),
    "reviews": Words(
        _l("reviews"), _l("Reviews late"), _l("Open cases with a review that has waited longer than a review should take.")
    ),
    "referrals": Words(
        _l("referrals"), _l("Referrals not answered"), _l("Open cases with a referral that nobody answered by the day asked for.")
    ),
    "again": Words(
        _l("re-assessments"),
        _l("Re-assessments late"),
        _l("Open cases with a result whose day of re-assessment is past, and none since."),
    ),
    "cases": Words(_l("cases at risk"), _l("Cases at risk"), _l("Open cases at high or medium risk.")),
    "both": Words(
        _l("at risk and late"),
        _l("At risk and late"),
        _l("Persons at high or medium risk whose next visit was due before today."),
    ),
    "consent": Words(_l("consent"), _l("No consent"), _l("Persons on file without consent or another lawful ground.")),
    "assessment": Words(
        _l("assessment"),
        _l("No assessment"),
        _l("Cases beyond the assessment without a confirmed result of the instrument that their domain asks for."),
    ),
    "plan": Words(
        _l("plan"), _l("No plan"), _l("Cases accepted longer ago than a plan may take, with none approved or handed in.")
    ),
    "unseen": Words(
        _l("not met this month"),
        _l("Not met this month"),
        _l("Persons whose next visit is due by the end of this month and who were not met in it yet."),
    ),
    "papers": Words(
        _l("papers"),
        _l("Papers not confirmed"),
        _l("Persons without any document and without a reason for that, or with a target group that is only suspected."),
    ),
}


def groups() -> list[tuple[str, Any, list[tuple[str, Words]]]]:
    """The groups in their order, each with its points."""
    return [(g, GROUP_WORDS[g], [(p.code, POINT_WORDS[p.code]) for p in POINTS if p.group == g]) for g in GROUPS]
