"""A part of the trail as a file for inspectors; that it was taken out stays in the trail too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.adapters import spreadsheets
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.tables import Column, Table
from caseapp.core.text import _, _l
from caseapp.extensions import db
from caseapp.models.trust import AuditEntry
from caseapp.queries.trust import reading, trail
from caseapp.schemas.trust.trail import ExportTrail, unpacked
from caseapp.services.trust import audit

MOST = 5_000  # entries of one file; more is read by month


@dataclass(frozen=True)
class File:
    """What is sent and kept nowhere."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Words:
    """How an entry is told: what, and where from."""

    what: Callable[[AuditEntry], str]
    where: Callable[[AuditEntry], str]


def made(command: ExportTrail, actor: Actor, words: Words) -> File:
    """The entries under a filter, newest first, with the number and digest under which each is sealed. Needs audit:read.

    Persons by file number only, as on the pages. Invalid for more entries than a file may have. Leaves an event with the purpose,
    the filters and the number of entries.
    """
    policy.require(actor, Permission.AUDIT_READ)
    rows = reading.whole(actor, command.wanted, MOST + 1)
    if len(rows) > MOST:
        raise Invalid(_l("These are more than %(most)s entries. Choose fewer days.", most=MOST), "from_on")
    names, sealed = trail.names(rows), reading.sealed_as(rows)
    numbers = {
        file.file_id: file.number for file in reading.files_of(actor, {key for row in rows for key in unpacked(row.people)})
    }
    columns, cells = _columns(), [_cells(row, names, sealed, numbers, words) for row in rows]
    table = Table("trail", _("Trail"), columns, cells)
    now, chosen = clock.local(clock.now()), command.wanted.chosen()
    cover = [
        (_("What for"), words_of_purpose(command.purpose, actor.language)),
        (_("Made"), f"{now:%Y-%m-%d %H:%M}　{actor.user_name}"),
        (_("Filters"), ", ".join(f"{name}={value}" for name, value in chosen.items()) or "-"),
        (_("Entries"), len(rows)),
        (_("Proof"), _("Number and digest are those of the sealed chain: `caseapp audit verify` reckons each digest again.")),
    ]
    content = (
        spreadsheets.to_csv(cover, [table])
        if command.format == "csv"
        else spreadsheets.to_xlsx(_("Trail"), _("About this file"), cover, [table], now)
    )
    told = " ".join(f"{name}={value}" for name, value in chosen.items())
    audit.record(db.session, "trail.exported", reason=f"{command.purpose} {command.format} {len(rows)} {told}".strip())
    return File(f"caseapp-trail-{now:%Y%m%d}.{command.format}", spreadsheets.MEDIA[command.format], content)


def words_of_purpose(code: str, language: str) -> str:
    """The purpose in the reader's language."""
    return str(reference.codes("trail_purpose").label(code, language))


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", _("Number in the chain"), numeric=True),
        Column("at", _("When")),
        Column("kind", _("Kind")),
        Column("what", _("What")),
        Column("event", _("Code")),
        Column("username", _("By")),
        Column("role", _("Role")),
        Column("in_place_of", _("In place of")),
        Column("where", _("Where from")),
        Column("status", _("Answer code")),
        Column("reason", _("Reason or purpose")),
        Column("fields", _("Shown in full")),
        Column("changed", _("Changed rows")),
        Column("count", _("Persons"), numeric=True),
        Column("files", _("Files")),
        Column("digest", _("Digest")),
    )


def _cells(row: AuditEntry, names: Any, sealed: Any, numbers: Any, words: Words) -> tuple[Any, ...]:
    number, digest = sealed.get(row.id, ("", ""))
    changed = [f"{one['table']} {one['op']}: {' '.join(one['fields'])}" for one in (row.changes or {}).get("rows", [])]
    return (
        number,
        f"{clock.local(row.at):%Y-%m-%d %H:%M:%S}",
        row.kind,
        words.what(row),
        row.event,
        names.get(row.user_id, ""),
        ROLES[row.role].label if row.role in ROLES else row.role or "",
        " ".join(names.get(key, "") for key in row.in_place_of or []),
        words.where(row),
        row.status or "",
        row.reason or "",
        " ".join(row.fields or []),
        "; ".join(changed),
        row.count,
        " ".join(numbers.get(key, "-") for key in unpacked(row.people)),
        digest,
    )
