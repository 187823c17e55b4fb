"""Files made from a release for a stated purpose: built from published cells alone, stored, never made anew."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from babel.dates import format_skeleton
from flask_babel import get_locale
from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.adapters import keys, spreadsheets
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.periods import Month, Period, is_month, read_period
from caseapp.core.tables import Column, Table
from caseapp.core.text import _, _l
from caseapp.extensions import db
from caseapp.models.statistics import StatExport, StatRelease
from caseapp.queries.statistics import copies, published
from caseapp.queries.statistics.copies import Copy
from caseapp.queries.statistics.published import HIDDEN, NOTHING, Line
from caseapp.reference.statistics import TableKind, key_of
from caseapp.schemas.statistics.export import MakeExport
from caseapp.services.statistics import sdmx
from caseapp.services.trust import audit

ENDINGS = {"sdmx": "sdmx.zip"}
MEDIA = {**spreadsheets.MEDIA, "json": "application/json", "sdmx": "application/zip"}


def make(command: MakeExport, release: StatRelease, actor: Actor, tag: str = "zh") -> StatExport:
    """The actor's part of a release is stored as a file with definitions, purpose, who and when.

    Whoever may export figures may. Its address gives these bytes from now on. Leaves a named event in the trail.
    """
    policy.require(actor, Permission.FIGURES_EXPORT)
    made, export_id = clock.now(), uuid7()
    copy = watermark(export_id)
    facts = cover(release, command, actor, tag, copy)
    held = published.lines(actor, release, command.table)
    if not held:
        raise Invalid(_l("This table is not part of the release, or not of your area."), "table")
    kinds = [kind for kind in published.catalogue(release).tables if kind.code in held]
    content = _content(command.format, release, kinds, held, facts, copy, tag)
    ending = ENDINGS.get(command.format, command.format)
    row = StatExport(
        id=export_id,
        release_id=release.id,
        grant_id=actor.grant_id,
        user_id=actor.user_id,
        path=actor.paths[0],
        format=command.format,
        purpose=command.purpose,
        made_at=made,
        file_name=f"caseapp-{release.period}-{release.number}{(command.table and f'-{command.table}') or ''}.{ending}",
        media_type=MEDIA[command.format],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        watermark=copy,
    )
    db.session.add(row)
    audit.record(db.session, "statistics.exported", row, reason=f"{row.file_name}: {command.purpose}")
    db.session.flush()
    return row


def _content(
    form: str,
    release: StatRelease,
    kinds: Sequence[TableKind],
    held: Mapping[str, Sequence[Line]],
    facts: list[tuple[str, str]],
    copy: str,
    tag: str,
) -> bytes:
    if form == "sdmx":
        return sdmx.to_zip(release, kinds, held, dict(facts), copy)
    if form == "json":
        return _json(release, kinds, held, facts, tag)
    foot = footer([release], copy)
    tables = [table(kind, held[kind.code], tag, foot) for kind in kinds]
    if form == "csv":
        return spreadsheets.to_csv(facts, tables)
    title, about = str(facts[0][1]), _("About this file")
    return spreadsheets.to_xlsx(title, about, facts, tables, clock.local(release.published_at), footer=foot)


def watermark(export_id: UUID) -> str:
    """What tells one copy from another: printed on every page, reckoned with a key, so that nobody makes one up."""
    return keys.ring().index("export watermark", str(export_id)).hex()[:12]


def footer(releases: Sequence[StatRelease], copy: str = "") -> str:
    """What stands on every page: which releases, the head of the chain that ends with the newest, whose copy."""
    words = _(", ").join(_("Release %(period)s no. %(number)s", period=row.period, number=row.number) for row in releases)
    newest = max(releases, key=lambda row: row.number)
    return f"{words} / {_('Chain')} {newest.head or '-'}" + (f" / {_('Copy')} {copy}" if copy else "")


def _json(
    release: StatRelease,
    kinds: Sequence[TableKind],
    held: Mapping[str, Sequence[Line]],
    facts: list[tuple[str, str]],
    tag: str,
) -> bytes:
    """One object: what must be known to read it, then each table with its cells in the order of catalogue and tree."""
    tables = [
        {
            "code": kind.code,
            "title": kind.label(tag),
            "unit": kind.fact("unit", tag),
            "definition": kind.fact("definition", tag),
            "dimensions": list(kind.names),
            "areas": [
                {"geo": line.place.code, "name": line.place.name, "level": line.place.level, "parent": line.place.parent}
                for line in held[kind.code]
            ],
            "cells": [
                {"geo": line.place.code, "dims": dims, "count": line.shown[key_of(dims)]}
                for line in held[kind.code]
                for dims in ({}, *(kind.dims(*(value.code for value in values)) for values in kind.cells()))
                if key_of(dims) in line.shown
            ],
        }
        for kind in kinds
    ]
    said = {"about": dict(facts), "release": str(release.id), "period": release.period, "head": release.head, "tables": tables}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def fetched(row: StatExport) -> bytes:
    """The stored bytes; each fetch is an event of the trail."""
    audit.record(db.session, "statistics.export_fetched", row, reason=f"{row.file_name} {row.sha256[:12]}: {row.purpose}")
    return row.content


def look_up(number: str, actor: Actor) -> Copy:
    """Whose copy a printed number is (`queries/statistics/copies.py`); that somebody asked stands in the trail."""
    found = copies.copy(actor, number)
    audit.record(db.session, "statistics.copy_looked_up", found.row, reason=f"{found.row.file_name} {found.row.watermark}")
    return found


def cover(release: StatRelease, command: MakeExport, actor: Actor, tag: str, copy: str) -> list[tuple[str, str]]:
    """What must be known to read the figures."""
    catalogue = published.catalogue(release)
    places = published.places(actor, release)
    span = read_period(release.period)
    made = clock.local(clock.now())
    return [
        (_("Title"), _("Published figures of the social-work stations, %(period)s", period=quarter_words(release.period))),
        (_("Area"), places[0].name if places else ""),
        (_("Period"), f"{release.period} ({span.first_day} – {span.last_day})"),
        *([(_("Reach"), reach_words(release.period))] if reach_words(release.period) else []),
        (_("Cut-off"), release.cut_off_on.isoformat()),
        (_("Release"), str(release.number)),
        (_("Published"), clock.local(release.published_at).date().isoformat()),
        (_("Protection"), catalogue.protection.label(tag)),
        (_("Mark"), mark_words()),
        (_("Threshold"), _("Fewer than %(n)s persons are not shown, in some groups fewer than 10.", n=catalogue.threshold)),
        (_("Check code"), release.cells_sha256[:16]),
        (_("Prepared by"), release.made_by or ""),
        (_("Checked by"), release.checked_by or ""),
        (_("Chain"), release.head or ""),
        (_("Copy"), copy),
        (_("What it is for"), command.purpose),
        (_("Made by"), actor.user_name),
        (_("Made at"), made.strftime("%Y-%m-%d %H:%M %z")),
    ]


def mark_words() -> str:
    """What the asterisk says, in one line."""
    return _("* is not shown, to protect persons; it may stand for 0 or for a larger number. Do not report it as 0.")


def quarter_words(period: str) -> str:
    """A quarter or a month in words."""
    span: Period = read_period(period)
    if isinstance(span, Month):
        return str(format_skeleton("yMMMM", span.first_day, locale=get_locale()))
    return _("Q%(number)s %(year)s", number=span.number, year=span.year)


def reach_words(period: str) -> str:
    """How far down a month goes; nothing of a quarter."""
    return _("Monthly figures: for counties and above only.") if is_month(period) else ""


def table(kind: TableKind, lines: Sequence[Line], tag: str, foot: str | None = None) -> Table:
    """One table with its printed definition: a row for each area, where two dimensions meet one for each value of the first."""
    spread = kind.dimensions[-1] if kind.dimensions else None
    values = spread.values if spread else ()
    first = kind.dimensions[0] if kind.crossed else None
    total = _("Total") if values else kind.label(tag)
    columns = [
        Column("geo", _("Code")),
        Column("name", _("Area")),
        Column("level", _("Level")),
        *([Column(first.code, first.label(tag))] if first else []),
        *(Column(value.code, value.label(tag), numeric=True) for value in values),
        *([] if first else [Column("", total, numeric=True)]),
    ]
    rows: list[list[Any]] = []
    for line in lines:
        place = [line.place.code, line.place.name, level_words(line.place.level)]
        if first is None:
            shown = [*(line.shown[kind.dims_key(value.code)] for value in values), line.shown[""]]
            rows.append([*place, *map(number, shown)])
        else:
            for own in first.values:
                shown = [line.shown[kind.dims_key(own.code, value.code)] for value in values]
                rows.append([*place, own.label(tag), *map(number, shown)])
    notes = [
        _("Unit: %(unit)s", unit=kind.fact("unit", tag)),
        kind.fact("definition", tag),
        mark_words(),
        *([foot] if foot else []),
    ]
    return Table(code=kind.code, title=kind.label(tag), columns=columns, rows=rows, notes=notes)


def level_words(level: str) -> str:
    """What the areas of a level are called."""
    return {
        "province": _("Province"),
        "city": _("City"),
        "management_area": _("Management area"),
        "county": _("County"),
        "township": _("Township"),
    }.get(level, level)


def number(shown: str) -> Any:
    """A shown cell as a number, else its mark."""
    if shown == HIDDEN:
        return HIDDEN
    if shown == NOTHING:
        return "—"
    return float(shown) if "." in shown else int(shown)
