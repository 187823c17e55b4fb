"""Published figures: tables of the catalogue, cells of a release, releases, exports as stored bytes."""

from typing import Any
from uuid import UUID

from flask import jsonify, request, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics import exploration as exploring
from caseapp.blueprints.statistics.releases import sent
from caseapp.core.periods import is_month, read_period
from caseapp.core.text import _
from caseapp.models.statistics import StatPreparation
from caseapp.queries.statistics import exploration, preparations, published
from caseapp.reference.statistics import Dimension, key_of, newest, questions
from caseapp.schemas.statistics.exploration import AnswerOut, Ask, AskSchema, QuestionsOut
from caseapp.schemas.statistics.export import (
    CopyOut,
    ExportOut,
    FiguresOut,
    FiguresQuery,
    MakeExport,
    MakeExportSchema,
    ReleaseOut,
    TablesOut,
)
from caseapp.schemas.statistics.release import (
    ApproveRelease,
    ApproveReleaseSchema,
    DeclineRelease,
    DeclineReleaseSchema,
    MakeRelease,
    MakeReleaseSchema,
    PreparationOut,
)
from caseapp.services.statistics import exports as service
from caseapp.services.statistics.exports import MEDIA
from caseapp.services.statistics.noise.ask import ask
from caseapp.services.statistics.release import approve, cancel, prepare, refuse

bp = api_blueprint("statistics", __name__, "Published figures, as they were released.")


@bp.get("/statistics/tables")
@bp.response(200, TablesOut)
@requires(Permission.FIGURES_READ)
def tables() -> Any:
    """The tables of the catalogue and the quarters and months of which they are released."""
    catalogue, periods = newest(), published.every_period(the_actor())
    return {
        "catalogue_version": catalogue.version,
        "items": [
            {
                "code": table.code,
                "title": table.label(tag()),
                "unit": table.fact("unit", tag()),
                "definition": table.fact("definition", tag()),
                "subject": table.subject,
                "dimensions": [_dimension(dimension) for dimension in table.dimensions],
                "levels": table.levels,
                "periods": [period for period in periods if table.months or not is_month(period)],
            }
            for table in catalogue.tables
        ],
    }


def _dimension(dimension: Dimension) -> dict[str, Any]:
    return {
        "code": dimension.code,
        "label": dimension.label(tag()),
        "overlap": dimension.overlap,
        "within": dimension.within,
        "values": [{"code": v.code, "label": v.label(tag()), "parent": v.parent} for v in dimension.values],
    }


@bp.get("/statistics/tables/<table>")
@bp.arguments(FiguresQuery, location="query")
@bp.response(200, FiguresOut)
@requires(Permission.FIGURES_READ)
def figures(query: dict[str, Any], table: str) -> Any:
    """The cells of one table of a released quarter or month: an area under the grant and those right below it."""
    actor = the_actor()
    release = published.of_period(actor, query["period"], months=True)
    found = published.figures_of(actor, release, table, query["area"])
    return {
        "release": found.release.id,
        "period": found.release.period,
        "cut_off_on": found.release.cut_off_on,
        "table": found.table.code,
        "unit": found.table.fact("unit", tag()),
        "definition": found.table.fact("definition", tag()),
        "protection": published.catalogue(found.release).protection.label(tag()),
        "dimensions": found.table.names,
        "areas": [line.place for line in found.lines],
        "cells": [
            {"geo": line.place.code, "dims": dims, "count": line.shown[key_of(dims)]}
            for line in found.lines
            for dims in ({}, *(found.table.dims(*(value.code for value in values)) for values in found.table.cells()))
        ],
    }


@bp.get("/statistics/releases")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(ReleaseOut))
@requires(Permission.FIGURES_READ)
def releases(query: dict[str, Any]) -> Any:
    """All releases, newest first."""
    return published.releases(the_actor(), query["cursor"], query["limit"])


@bp.post("/statistics/releases")
@bp.arguments(MakeReleaseSchema)
@bp.response(202, PreparationOut)
@requires(Permission.RELEASE_MAKE)
def release_new(command: MakeRelease) -> Any:
    """Begins the release of a quarter or month that is over and counted, or the correction of a quarter; a second officer publishes it.

    The highest bureau may.
    """
    row = prepare(read_period(command.period), command.reason, the_actor(), corrects=command.correct)
    return _told(row), 202, {"Location": url_for("api_statistics.preparation", preparation_id=row.id)}


def _told(row: StatPreparation) -> Any:
    job = preparations.job_of(row)
    return {name: getattr(row, name, None) for name in PreparationOut().fields} | {"percent": job.percent if job else 0}


@bp.get("/statistics/preparations/<uuid:preparation_id>")
@bp.response(200, PreparationOut)
@requires(Permission.RELEASE_MAKE)
def preparation(preparation_id: UUID) -> Any:
    """A release on its way: its state, how far the work is, what would not be shown."""
    return _told(preparations.preparation(the_actor(), preparation_id))


@bp.post("/statistics/preparations/<uuid:preparation_id>/publish")
@bp.arguments(ApproveReleaseSchema)
@bp.response(201, ReleaseOut)
@requires(Permission.RELEASE_MAKE, reading=True)
def preparation_publish(command: ApproveRelease, preparation_id: UUID) -> Any:
    """Publishes what a colleague has prepared: an officer of the highest bureau, with the own password once more."""
    actor = the_actor()
    release_id = approve(preparation_id, command.password, actor, address=request.remote_addr or "")
    return created(published.release(actor, release_id), "api_statistics.release", release_id=release_id)


@bp.post("/statistics/preparations/<uuid:preparation_id>/refuse")
@bp.arguments(DeclineReleaseSchema)
@bp.response(200, PreparationOut)
@requires(Permission.RELEASE_MAKE)
def preparation_refuse(command: DeclineRelease, preparation_id: UUID) -> Any:
    """Does not publish what a colleague has prepared."""
    return _told(refuse(preparation_id, command.words, the_actor()))


@bp.post("/statistics/preparations/<uuid:preparation_id>/cancel")
@bp.arguments(DeclineReleaseSchema)
@bp.response(200, PreparationOut)
@requires(Permission.RELEASE_MAKE)
def preparation_cancel(command: DeclineRelease, preparation_id: UUID) -> Any:
    """Takes a preparation back; work that is going on stops at its next step."""
    return _told(cancel(preparation_id, command.words, the_actor()))


@bp.get("/statistics/releases/<uuid:release_id>")
@bp.response(200, ReleaseOut)
@requires(Permission.FIGURES_READ)
def release(release_id: UUID) -> Any:
    """One release."""
    return published.release(the_actor(), release_id)


@bp.post("/statistics/releases/<uuid:release_id>/exports")
@bp.arguments(MakeExportSchema)
@bp.response(201, ExportOut)
@requires(Permission.FIGURES_EXPORT, fresh=ACTS)
def export_new(command: MakeExport, release_id: UUID) -> Any:
    """The grant's part of a release as a file of a stated purpose; `Location` gives its bytes."""
    actor = the_actor()
    row = service.make(command, published.release(actor, release_id), actor, tag())
    return created(row, "api_statistics.export", release_id=release_id, export_id=row.id)


@bp.get("/statistics/releases/<uuid:release_id>/exports/<uuid:export_id>")
@bp.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA["csv"].partition(";")[0])
@bp.alt_response(200, schema={"type": "string", "format": "binary"}, content_type=MEDIA["xlsx"])
@bp.alt_response(200, schema={"type": "object"}, content_type=MEDIA["json"])
@bp.alt_response(200, schema={"type": "string", "format": "binary"}, content_type=MEDIA["sdmx"])
@requires(Permission.FIGURES_EXPORT, fresh=ACTS)
def export(release_id: UUID, export_id: UUID) -> Any:
    """The stored bytes, the same each time; each fetch is in the trail."""
    row = published.export(the_actor(), release_id, export_id)
    if request.method == "POST":  # the repeat of a POST under the same Idempotency-Key is shown what it made
        return jsonify(ExportOut().dump(row))
    return sent(row)


@bp.get("/statistics/copies/<number>")
@bp.response(200, CopyOut)
@requires(Permission.FIGURES_EXPORT)
def copy(number: str) -> Any:
    """Whose copy a number printed on an export is: of the own bureau and those under it; another's is not found."""
    return service.look_up(number, the_actor())


@bp.get("/statistics/exploration")
@bp.response(200, QuestionsOut)
@requires(Permission.FIGURES_READ)
def exploration_questions() -> Any:
    """What may be asked of numbers changed by noise; not found where the installation has not switched that on."""
    exploring.budget()
    catalogue = newest()
    return {
        "items": [
            {
                "code": exploration.code_of(one),
                "title": exploring.title(one, catalogue.version),
                "dimensions": one.names,
                "levels": one.levels,
            }
            for one in questions(catalogue)
        ]
    }


@bp.post("/statistics/exploration")
@bp.arguments(AskSchema)
@bp.response(201, AnswerOut)
@requires(Permission.FIGURES_READ)
def exploration_ask(command: Ask) -> Any:
    """Asks one question of an area under the grant; asked again, it is the same one. Each is logged, and their number is limited."""
    row = ask(command, the_actor(), exploring.budget())
    return created(_answer(row.id), "api_statistics.exploration_answer", question_id=row.id)


@bp.get("/statistics/exploration/<uuid:question_id>")
@bp.response(200, AnswerOut)
@requires(Permission.FIGURES_READ)
def exploration_answer(question_id: UUID) -> Any:
    """The stored answer of one's own question: numbers changed by noise, the same for ever."""
    return _answer(question_id)


def _answer(question_id: UUID) -> dict[str, Any]:
    most, actor = exploring.budget(), the_actor()
    found = exploration.answer(actor, question_id)
    return {
        "id": found.row.id,
        "period": found.release.period,
        "question": exploration.code_of(found.question),
        "area": found.place.code,
        "noise": _("Changed by noise"),
        "left": max(most - exploration.asked(actor, found.release.id), 0),
        "cells": [
            {"dims": dict(part.split("=", 1) for part in key.split(";") if part), "count": shown}
            for key, shown in found.answers.items()
        ],
    }
