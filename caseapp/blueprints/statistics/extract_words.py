"""The words of an extract: what has become of it, what was measured, what stands in its way, at which level what is told."""

from typing import Any

from caseapp.blueprints.http.filters import tag
from caseapp.core.text import _
from caseapp.models.statistics import StatExtract
from caseapp.reference.extracts import Recipient, extract_kinds
from caseapp.reference.files import Worded

Rows = list[tuple[str, str, str]]


def state_words(state: str) -> str:
    """What has become of it."""
    return {
        "weighing": _("Being weighed"),
        "weighed": _("Weighed; nothing is made yet"),
        "making": _("Being made"),
        "prepared": _("Waits for a second person"),
        "impossible": _("Cannot be made"),
        "failed": _("Did not come to an end"),
        "cancelled": _("Taken back"),
        "declined": _("Declined"),
        "lapsed": _("Nobody looked at it in time"),
        "approved": _("Handed out"),
        "withdrawn": _("Withdrawn"),
        "expired": _("Expired"),
    }[state]


def step_words(step: str | None) -> str:
    """What a worker is at."""
    return {
        "reading": _("Reading the closed cases"),
        "searching": _("Seeking the levels that tell most"),
        "making": _("Writing the rows"),
        "measuring": _("Measuring the file"),
        "storing": _("Sealing the file"),
    }.get(step or "", "")


def recipient_words(row: StatExtract) -> str:
    """Inside or outside government."""
    return extract_kinds()[row.rules].recipient(row.recipient).label(tag())


def attributes_of(row: StatExtract) -> list[dict[str, Any]]:
    """Each column: its name, at which level it is told, which share of what it tells is kept; sensitive ones as they are."""
    kind, lost = extract_kinds()[row.rules], {one["code"]: one for one in (row.report or {}).get("attributes", ())}
    found: list[dict[str, Any]] = []
    for code in row.attributes:
        one = kind.attribute(code)
        level = (row.levels or {}).get(code)
        said = "" if level is None else _("not told") if level >= one.top else one.levels[level - 1].label(tag())
        kept = 1 - lost[code]["lost"] if code in lost else None
        found.append({"label": one.label(tag()), "level": said, "kept": kept, "moved": lost.get(code, {}).get("moved")})
    for code in row.sensitive:
        found.append({"label": kind.sensitive_one(code).label(tag()), "level": _("as it is"), "kept": None, "moved": None})
    return found


def measures_of(row: StatExtract) -> Rows:
    """What was measured and what is wanted: of the finished bytes, before that of what would be made."""
    told = row.measured or (row.report or {}).get("risk")
    if not told:
        return []
    kind = extract_kinds()[row.rules]
    wanted = kind.recipient(row.recipient)
    rows = [
        (_("Persons in the smallest class (k); a household counts as one"), str(told["k"]), _at_least(wanted.k)),
        (_("Mean risk of being found"), _share(told["average_risk"]), _at_most(_share(wanted.average_risk))),
        (_("Highest risk of being found"), _share(told["highest_risk"]), _at_most(_share(1 / wanted.k))),
        (_("Fewest records of an area told"), str(told["area_least"]), _at_least(wanted.records_per_area)),
    ]
    for code, found in told["told"].items():
        name = kind.sensitive_one(code).label(tag())
        rows += [
            (_("%(name)s: fewest values in a class (l)", name=name), str(int(found["distinct"])), _at_least(wanted.distinct)),
            (_("%(name)s: evenness (entropy l)", name=name), f"{found['entropy']:.2f}", _at_least(wanted.entropy)),
            (
                _("%(name)s: largest share of one value", name=name),
                _share(found["confidence"]),
                _at_most(_share(wanted.confidence)),
            ),
            (_("%(name)s: distance to the whole file (t)", name=name), f"{found['closeness']:.3f}", _at_most(wanted.closeness)),
        ]
    return rows


def faults_of(row: StatExtract) -> list[str]:
    """What stands in the way, as sentences."""
    kind = extract_kinds()[row.rules]
    names: dict[str, Worded] = {one.code: one for one in (*kind.attributes, *kind.sensitive)}
    why = (row.report or {}).get("why", ()) if row.state == "impossible" else ()
    return list(dict.fromkeys(_fault(fault, names, kind.recipient(row.recipient)) for fault in why))


def _fault(fault: Any, names: dict[str, Worded], wanted: Recipient) -> str:
    code, attribute, found, _wanted = fault
    name = names[attribute].label(tag()) if attribute in names else attribute
    if code == "records_per_area":
        return _("There are %(found)s closed cases, and %(wanted)s are needed.", found=int(found), wanted=wanted.records_per_area)
    if code in ("distinct", "entropy", "confidence", "closeness", "union_l"):
        return _("“%(name)s” is nearly the same for all of these cases: it cannot be told of them. Leave it out.", name=name)
    if code in ("compared", "union_k"):
        return _("Beside an earlier extract it would tell too much of persons who stand in both.")
    if code == "changed":
        return _("Cases have changed since it was weighed, and these levels no longer keep the rules. Weigh it anew.")
    return _("No levels keep the rules without leaving out too many cases. Choose fewer attributes or more years.")


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _at_least(value: Any) -> str:
    return _("at least %(n)s", n=value)


def _at_most(value: Any) -> str:
    return _("at most %(n)s", n=value)
