"""The whole file on paper: cover, index of what lies in it (卷内目录, F16 of the domain handbook), then every part in that order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission
from caseapp.blueprints.cases.file import whole
from caseapp.blueprints.http import story
from caseapp.blueprints.http.filters import label, moment
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.people import day_with_year
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _, ngettext
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.details.base import DetailForm
from caseapp.models.casework import Assessment
from caseapp.queries.casework import cases, retention
from caseapp.queries.casework.cases import file as files
from caseapp.queries.casework.cases.file import CaseFile
from caseapp.queries.casework.timeline import Moment, Story
from caseapp.queries.organisation import places, settings
from caseapp.reference import instrument
from caseapp.services.trust import audit

MOST = 10_000  # entries of one file on paper
RECORDS = ("visit", "service")


@dataclass(frozen=True)
class Material:
    """A line of the index: what it is, how many of them, from when to when, where the signed paper lies."""

    code: str
    title: str
    count: int
    first: date
    last: date
    remark: str | None = None


def register(bp: Blueprint, domain: Domain, detail_form: type[DetailForm]) -> None:
    """Hangs the sheet under `/<domain>/cases/<case_id>`."""

    @bp.get("/cases/<uuid:case_id>/print")
    @requires(Permission.CASE_READ, fresh=ACTS)
    def print_file(case_id: UUID) -> Any:
        """The whole file on paper, with cover, index, signature lines and who printed it."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "case.printed")
        file = files.read(case, domain.detail, the_actor(), long=MOST)
        at = settings.At(case.station_path)
        until = retention.keep_until(case, at)
        station, county, contractor = places.around(case.station_id)
        records = [one for one in file.story.moments if one.kind in RECORDS]
        steps = [one for one in file.story.moments if one.kind not in RECORDS and one.kind != "consent"]
        return page(
            "cases/print.html",
            **whole(file, domain, detail_form),
            paper={  # in one place, so that no fact of a domain can carry the same name
                "parts": materials(file, records, steps),
                "results": [(instrument(row.instrument, row.instrument_version), row) for row in finished(file)],
                "records": told(file.story, records),
                "steps": told(file.story, steps),
                "station": station,
                "county": county,
                "contractor": contractor,
            },
            trace=_("Printed by %(name)s, %(when)s", name=the_actor().user_name, when=moment(clock.now())),
            file_number=case.case_no,
            secrecy=label("data_class", case.klass),
            retention=day_with_year(until) if until else _kept(retention.years(case, at)),
        )


def materials(file: CaseFile, records: list[Moment], steps: list[Moment]) -> list[Material]:
    """What lies in the file, in the order in which it follows; what is not there has no line."""
    case, plan = file.case, file.plan
    begun = case.opened_on or case.found_on
    papers = "、".join(dict.fromkeys(row.paper_place for row in file.consents if row.paper_place))
    written = [clock.local(plan.created_at).date()] if plan is not None else []
    found = [
        _line("basics", _("Basic information"), [begun]),
        _line("consents", _("Consent"), (row.signed_on for row in file.consents), papers or None),
        _line("situation", _("Intake and situation"), [case.found_on, begun]),
        _line("assessments", _("Assessments"), (row.assessed_on for row in finished(file))),
        _line("plan", _("Plan"), written),
        _line("records", _("Visits and services"), (one.on for one in records)),
        _line("steps", _("Steps and reviews"), (one.on for one in steps)),
    ]
    return [line for line in found if line is not None]


def finished(file: CaseFile) -> list[Assessment]:
    """The results that were reached in this case and count, in the order in which they were."""
    rows = [row for row in file.assessments if row.case_id == file.case.id and row.state == "complete" and row.voided_at is None]
    return rows[::-1]


def _line(code: str, title: str, days: Iterable[date], remark: str | None = None) -> Material | None:
    known = sorted(days)
    count = 1 if code in ("basics", "situation") else len(known)
    return Material(code, title, count, known[0], known[-1], remark) if known else None


def told(whole_story: Story, moments: list[Moment]) -> list[dict[str, Any]]:
    """Moments in the order in which they happened, as a file on paper is read."""
    return story.entries(Story(moments[::-1], whole_story.people, whole_story.domains), day_with_year)


def _kept(years: int) -> str:
    return ngettext("%(num)s year after closing", "%(num)s years after closing", years)
