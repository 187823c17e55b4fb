"""A packet in words: the same for the sender before sending, the receiver, and the printed slip."""

from collections.abc import Callable
from datetime import date
from typing import Any

from caseapp import reference
from caseapp.blueprints.http.filters import label, long_date, tag
from caseapp.blueprints.http.people import day_with_year
from caseapp.core.text import _

Part = dict[str, Any]


def words(content: dict[str, Any]) -> list[Part]:
    """Title, facts (label, value) and lines of each section, in reading order."""
    told, found = content["sections"], []
    for code in (code for code in WORDS if code in told):
        part = WORDS[code](told[code])
        facts = [(name, value) for name, value in part.get("facts", ()) if value]
        found.append({"title": label("referral_section", code), "facts": facts, "lines": part.get("lines", [])})
    return found


def day(text: str | None) -> str:
    """A kept day with its year."""
    return day_with_year(date.fromisoformat(text)) if text else ""


def born(told: dict[str, Any]) -> str:
    """The birth as exactly as it is known."""
    text, precision = told["birth_on"], told["birth_precision"]
    if not text or precision == "unknown":
        return _("birth date not known")
    if precision in ("year", "estimate"):
        return text[:4] if precision == "year" else _("born about %(year)s", year=text[:4])
    return str(text[:7]) if precision == "month" else day(text)


def _person(told: Any) -> Part:
    return {
        "facts": [
            (_("Name"), told["name"]),
            (_("Other names"), told["other_names"]),
            (_("Sex"), label("sex", told["sex"])),
            (_("Birth date"), born(told)),
            (_("Ethnic group"), label("ethnic", told["ethnic"])),
            (_("Education"), label("education", told["education"])),
            (_("Marital status"), label("marital", told["marital"])),
            (_("Lives in"), told["residence"]),
            (_("Registered in"), told["registered"]),
            (_("Features"), told["features"]),
            (_("Safe contact"), told["safe_contact"]),
        ]
    }


def _document(told: Any) -> Part:
    return {"facts": [(label("document_kind", row["kind"]), row["number"]) for row in told]}


def _contacts(told: Any) -> Part:
    lines = [
        " ".join(
            part
            for part in (label("contact_kind", row["kind"]), row["name"], label("relation", row["relation"]), row["phone"])
            if part
        )
        for row in told["contacts"]
    ]
    return {"facts": [(_("Address"), told["address"])], "lines": lines}


def _situation(told: Any) -> Part:
    disabled = _(", ").join(label("disability_kind", code) for code in (told["disability"] or "").split(",") if code)
    return {
        "facts": [
            (_("Living"), label("living", told["living"])),
            (_("Self-care"), label("self_care", told["self_care"])),
            (_("Health"), label("health", told["health"])),
            (_("Disability"), " ".join(part for part in (disabled, label("disability_grade", told["disability_grade"])) if part)),
            (_("Main source of income"), label("income_source", told["income_source"])),
            (_("Benefits"), _(", ").join(label("benefit", code) for code in told["benefits"] or ())),
            (_("Asked for"), told["request"]),
            (_("Needs"), told["needs"]),
        ]
    }


def _risk(told: Any) -> Part:
    return {"facts": [(_("Risk"), label("risk", told["risk"])), (_("Why this risk"), told["risk_reason"])]}


def _assessments(told: Any) -> Part:
    lines = []
    for row in told:
        instrument = reference.instrument(row["instrument"], row["version"])
        line = _(
            "%(name)s, %(day)s: %(total)s points, %(level)s",
            name=instrument.label(tag()),
            day=day(row["assessed_on"]),
            total=row["total"],
            level=instrument.level_label(row["level"], tag()),
        )
        lines.append(line if row["confirmed"] else _("%(line)s (not confirmed yet)", line=line))
    return {"lines": lines}


def _plan(told: Any) -> Part:
    if told is None:
        return {}
    goals = [
        _(
            "Goal: %(text)s (%(state)s)",
            text=goal["text"],
            state=label("goal_outcome", goal["outcome"]) or label("goal_progress", str(goal["progress"])),
        )
        for goal in told["goals"]
    ]
    items = [
        " ".join(part for part in (reference.catalogue().label(row["item"], tag()), row["how_often"], row["who"]) if part)
        for row in told["items"]
    ]
    return {"facts": [(_("Aim"), told["aim"]), (_("State"), label("plan_state", told["state"]))], "lines": goals + items}


def _visits(told: Any) -> Part:
    seen = [f"{day(row['on'])} {label('visit_outcome', row['outcome'])}" for row in told["latest"]]
    given = [
        _("%(item)s, %(n)s times", item=reference.catalogue().label(row["item"], tag()), n=row["times"])
        for row in told["services"]
    ]
    facts = [
        (_("Visits"), str(told["count"])),
        (_("First visit"), day(told["first_on"])),
        (_("Last visit"), day(told["last_on"])),
    ]
    return {"facts": facts, "lines": seen + given}


def _papers(told: Any) -> Part:
    return {
        "lines": [
            f"{label('consent_basis', row['basis'])} {day(row['signed_on'])}"
            + (_(" (taken back)") if row["withdrawn_on"] else "")
            for row in told
        ]
    }


def ground(content: dict[str, Any]) -> str:
    """On what ground it was handed over."""
    told = content["ground"]
    parts = [label("consent_basis", told["basis"])]
    if told["basis"] == "consent":
        parts += [label("consent_signer", told["signer"]), label("consent_channel", told["channel"])]
    parts.append(long_date(date.fromisoformat(told["signed_on"])) if told["signed_on"] else "")
    if told["child_heard"]:
        parts.append(_("the child was asked too"))
    return _(", ").join(part for part in parts if part)


WORDS: dict[str, Callable[[Any], Part]] = {
    "person": _person,
    "document": _document,
    "contacts": _contacts,
    "situation": _situation,
    "risk": _risk,
    "assessments": _assessments,
    "plan": _plan,
    "visits": _visits,
    "papers": _papers,
}
