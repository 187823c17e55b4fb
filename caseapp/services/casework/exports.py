"""A list of the head's own station as a file, for a stated purpose: who took which persons out stays in the trail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.adapters import spreadsheets
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.tables import Column, Table
from caseapp.core.text import _, _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import due
from caseapp.queries.casework import visits as visit_queries
from caseapp.queries.casework.cases import lists as case_lists
from caseapp.queries.casework.clients import lists as client_lists
from caseapp.queries.organisation import places, villages, workers
from caseapp.schemas.casework.visit.out import DueView
from caseapp.schemas.trust.export import ExportList, wanted_in
from caseapp.services.trust import audit

MOST = 2_000  # rows: a station with all its people; more is no list to work with


@dataclass(frozen=True)
class File:
    """What is sent and kept nowhere."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Words:
    """Names and words that cells need: of workers, villages and codes, in the reader's language."""

    people: dict[Any, str]
    villages: dict[str, str]
    tag: str

    def code(self, list_name: str, code: str | None) -> str:
        """The word of a code."""
        return reference.codes(list_name).label(code, self.tag)


def made(command: ExportList, actor: Actor, tag: str) -> File:
    """The rows of a list under its filters. Needs list:export; Invalid for more rows than anybody can work with.

    Leaves an event with purpose, columns and number of rows; the persons are told by the rows that were loaded.
    """
    policy.require(actor, Permission.LIST_EXPORT)
    rows = _rows(command)
    if len(rows) > MOST:
        raise Invalid(_l("These are more than %(most)s rows. Choose filters on the list first.", most=MOST), "format")
    codes = [row.place_code if isinstance(row, Case) else row.residence_code for row in rows]
    words = Words(workers.names(row.worker_id for row in rows), villages.names(codes), tag)
    columns = CASES if command.listing == "cases" else PERSONS
    title = {"clients": _("Clients"), "cases": _("Cases"), "visits": _("Visits")}[command.listing]
    cells = [tuple(read(row, words) for _field, _label, read in columns) for row in rows]
    table = Table(command.listing, title, tuple(Column(field, label) for field, label, _read in columns), cells)
    now = clock.local(clock.now())
    station = next((row.name for row in places.stations_of(actor)), "")
    cover = [
        (_("Station"), station),
        (_("What for"), words.code("list_purpose", command.purpose)),
        (_("Made"), f"{now:%Y-%m-%d %H:%M}　{actor.user_name}"),
        (_("Rows"), len(rows)),
        (
            _("Handling"),
            _("Personal data of people on file. For this purpose only; destroy it afterwards. The trail has who took it out."),
        ),
    ]
    is_csv = command.format == "csv"
    content = (
        spreadsheets.to_csv(cover, [table])
        if is_csv
        else spreadsheets.to_xlsx(str(title), _("About this file"), cover, [table], now)
    )
    reason = f"{command.listing} {command.format} {command.purpose}: {len(rows)}"
    audit.record(db.session, "list.exported", reason=reason, fields=[field for field, _label, _read in columns])
    return File(f"caseapp-{command.listing}-{now:%Y%m%d}.{command.format}", spreadsheets.MEDIA[command.format], content)


def _rows(command: ExportList) -> list[Any]:
    """One row more than may be, so that too many are noticed."""
    wanted = wanted_in(command)
    if command.listing == "cases":
        return case_lists.whole(wanted, MOST + 1, restricted=command.restricted)
    if command.listing == "visits":
        return visit_queries.whole(_due(wanted), MOST + 1, restricted=command.restricted)
    return client_lists.whole(wanted, MOST + 1, restricted=command.restricted)


def _due(wanted: DueView) -> Any:
    before, since = visit_queries.span(wanted.show, wanted.day)
    return visit_queries.DueFilter(before, since, wanted.worker, wanted.village, wanted.risk)


def _age(row: Client | None) -> Any:
    return dates.age_on(row.birth_on, clock.today()) if row is not None and row.birth_on is not None else ""


def _title(row: Case) -> str:
    subject = row.subject
    return str(subject.name if subject is not None else row.community_name or "")


Read = Callable[[Any, Words], Any]
PERSONS: Sequence[tuple[str, Any, Read]] = (
    ("number", _l("Number"), lambda r, w: r.file_no),
    ("name", _l("Name"), lambda r, w: r.name),
    ("sex", _l("Sex"), lambda r, w: w.code("sex", r.sex)),
    ("age", _l("Age"), lambda r, w: _age(r)),
    ("village", _l("Village"), lambda r, w: w.villages.get(r.residence_code or "", "")),
    ("risk", _l("Risk"), lambda r, w: w.code("risk", r.risk)),
    ("worker", _l("Worker"), lambda r, w: w.people.get(r.worker_id, "")),
    ("last_visit_on", _l("Last visit"), lambda r, w: r.last_visit_on or ""),
    ("next_visit_on", _l("Next visit"), lambda r, w: r.next_visit_on or ""),
    ("why", _l("Why"), lambda r, w: due.sentence(r) if r.next_visit_on else ""),
)
CASES: Sequence[tuple[str, Any, Read]] = (
    ("number", _l("Number"), lambda r, w: r.case_no),
    ("name", _l("Name"), lambda r, w: _title(r)),
    ("domain", _l("Service domain"), lambda r, w: w.code("domain", r.domain)),
    ("status", _l("Stage"), lambda r, w: w.code("case_status", r.status)),
    ("risk", _l("Risk"), lambda r, w: w.code("risk", r.risk)),
    ("village", _l("Village"), lambda r, w: w.villages.get(r.place_code or "", "")),
    ("worker", _l("Worker"), lambda r, w: w.people.get(r.worker_id, "")),
    ("opened_on", _l("Opened"), lambda r, w: r.opened_on or ""),
    ("next_step", _l("Next step"), lambda r, w: w.code("next_step", r.next_step) if r.next_step else ""),
    ("next_step_on", _l("Due"), lambda r, w: r.next_step_on or ""),
)
