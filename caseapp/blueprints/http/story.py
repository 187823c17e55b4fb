"""A story in words and links, ready for the timeline macro."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import url_for

from caseapp import reference
from caseapp.blueprints.http.filters import label, long_date, tag, word
from caseapp.blueprints.http.people import day_with_year
from caseapp.core import clock
from caseapp.core.text import _, ngettext, opening
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import timeline
from caseapp.queries.casework.timeline import Moment, Story

MARKS = {"home": "home", "phone": "phone", "video": "video", "online": "chat"}
SEEN = ("done", "family_only")


def of_client(client: Client, limit: int = 40) -> list[dict[str, Any]]:
    """Entries of a person."""
    return entries(timeline.for_client(client, limit))


def of_case(case: Case, limit: int = 40, *, on_paper: bool = False) -> list[dict[str, Any]]:
    """Entries of a case; on paper every day carries its year."""
    return entries(timeline.for_case(case, limit), day_with_year if on_paper else long_date)


def entries(story: Story, day: Callable[[date], str] = long_date) -> list[dict[str, Any]]:
    """What the macro reads: kind, title, at, by, text, tags, url."""
    found = []
    for moment in story.moments:
        entry = WORDS[moment.kind](moment, story)
        entry["at"] = _when(moment, day)
        entry["by"] = story.people.get(moment.by_id) if moment.by_id else None
        entry.setdefault("text", moment.text)
        found.append(entry)
    return found


def _when(moment: Moment, day: Callable[[date], str]) -> str:
    """The day it happened; when it was written much later, both."""
    written = clock.local(moment.written_at).date()
    if moment.kind == "visit" and moment.row.visit.late:
        return _("%(day)s, written on %(written)s", day=day(moment.on), written=day(written))
    return day(moment.on)


def _visit(moment: Moment, _story: Story) -> dict[str, Any]:
    row, visit = moment.row, moment.row.visit
    title = _("%(kind)s, %(outcome)s", kind=label("visit_kind", visit.kind), outcome=word("visit_outcome", row.outcome))
    worries = reference.codes("visit_finding").having("worry")
    tags = [(label("visit_finding", code), code in worries) for code in row.findings or []]
    if row.voided:
        tags = [(_("void"), True)]
    kind = MARKS.get(visit.kind, "home") if row.outcome in SEEN else "notseen"
    return {"kind": kind, "title": title, "tags": tags, "url": url_for("visits.show", visit_id=visit.id)}


def _service(moment: Moment, _story: Story) -> dict[str, Any]:
    row = moment.row
    tags: list[Any] = [(_("void"), True)] if row.voided_at else []
    if row.head_count:
        tags.append(ngettext("%(num)s attendance", "%(num)s attendances", row.head_count))
    return {"kind": "worker", "title": str(opening(reference.catalogue().label(row.item, tag()))), "tags": tags}


def _assessment(moment: Moment, story: Story) -> dict[str, Any]:
    row = moment.row
    instrument = reference.instrument(row.instrument, row.instrument_version)
    level = instrument.level_label(row.level or row.computed_level, tag())
    name = instrument.fact("short", tag()) or instrument.label(tag())
    title = _("%(name)s: %(level)s", name=name, level=level)
    if row.total is not None:
        title = _("%(name)s: %(total)s points, %(level)s", name=name, total=row.total, level=level)
    url = None
    if row.case_id in story.domains:
        url = url_for(f"{story.domains[row.case_id]}.assessment", case_id=row.case_id, assessment_id=row.id)
    return {"kind": "assessment", "title": title, "tags": [(_("does not count"), True)] if row.voided_at else [], "url": url}


def _step(moment: Moment, story: Story) -> dict[str, Any]:
    row, facts = moment.row, moment.row.facts or {}
    title = label("case_step", row.step)
    tags: list[Any] = []
    if row.step == "risk_changed":
        tags = [(f"{label('risk', facts.get('from'))} → {label('risk', facts.get('to'))}", facts.get("to") in ("red", "orange"))]
    if row.step == "protocol_step":
        chosen = reference.protocols().get(facts.get("protocol", ""))
        step = chosen.step(facts.get("step", "")) if chosen is not None else None
        words = step.label(tag()) if step is not None else ""
        tags = [words if facts.get("done") else (_("not possible: %(step)s", step=words), True)]
    if facts.get("urgent"):
        tags.append((_("urgent"), True))
    tags += [label(list_name, code) for list_name, code in facts.get("says", ())]  # what a domain's own step was about
    kind = "worker" if row.step == "assigned" else "document"
    return {"kind": kind, "title": title, "tags": tags, "url": _case_url(row, story)}


def _plan(moment: Moment, story: Story) -> dict[str, Any]:
    row = moment.row
    url = url_for(f"{story.domains[row.case_id]}.plan", case_id=row.case_id) if row.case_id in story.domains else None
    return {"kind": "plan", "title": _("Plan %(number)s written", number=row.number), "url": url}


def _asked(moment: Moment, _story: Story) -> dict[str, Any]:
    row = moment.row
    title = _("%(what)s sent for review", what=label("review_kind", row.kind))
    return {"kind": "review", "title": title, "url": url_for("reviews.show", review_id=row.id)}


def _decided(moment: Moment, _story: Story) -> dict[str, Any]:
    row = moment.row
    title = _("%(what)s: %(state)s", what=label("review_kind", row.kind), state=word("review_state", row.state))
    return {"kind": "review", "title": title, "url": url_for("reviews.show", review_id=row.id)}


def _enrolment(_moment: Moment, _story: Story) -> dict[str, Any]:
    return {"kind": "document", "title": _("Put on file")}


def _ended(moment: Moment, _story: Story) -> dict[str, Any]:
    return {"kind": "document", "title": _("Left the file"), "tags": [label("enrolment_end", moment.row.end_reason)]}


def _consent(moment: Moment, _story: Story) -> dict[str, Any]:
    tags = [(_("taken back"), True)] if moment.row.withdrawn_on else []
    return {"kind": "document", "title": _("Consent or lawful ground"), "tags": [label("consent_basis", moment.row.basis), *tags]}


def _case_url(row: Any, story: Story) -> str | None:
    return url_for(f"{story.domains[row.case_id]}.show", case_id=row.case_id) if row.case_id in story.domains else None


WORDS = {
    "visit": _visit,
    "service": _service,
    "assessment": _assessment,
    "step": _step,
    "plan": _plan,
    "asked": _asked,
    "decided": _decided,
    "enrolment": _enrolment,
    "ended": _ended,
    "consent": _consent,
}
