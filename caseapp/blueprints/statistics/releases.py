"""Releases: the list, the first step to a new one, one of them, making an export, fetching its stored bytes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp, release_facts
from caseapp.core import clock
from caseapp.core.periods import Month, Period, Quarter, read_period
from caseapp.core.text import _
from caseapp.forms.statistics.export import MakeExportForm
from caseapp.forms.statistics.release import MakeReleaseForm
from caseapp.models.statistics import StatExport
from caseapp.queries.statistics import preparations, published
from caseapp.services.statistics import exports as service
from caseapp.services.statistics.exports import quarter_words
from caseapp.services.statistics.release.prepare import prepare


@bp.get("/releases")
@requires(Permission.FIGURES_READ)
def releases() -> Any:
    """All releases, newest first."""
    return _list(MakeReleaseForm(formdata=None))


@bp.post("/releases")
@requires(Permission.RELEASE_MAKE)
def release_new() -> Any:
    """Begins the release of a quarter or a month, or a correction of a quarter: it is prepared, and published by a second person."""
    form = _offered(MakeReleaseForm())
    if form.validate_on_submit():
        made = lambda told: prepare(read_period(told.period), told.reason, the_actor(), corrects=told.correct)  # noqa: E731
        row = attempt(form, made, form.command)
        if row:
            flash(_("On its way. Another officer of your bureau publishes it."), "ok")
            return redirect(url_for(".preparation", preparation_id=row.id))
    return _list(form)


def _offered(form: MakeReleaseForm) -> MakeReleaseForm:
    """The quarters and months that are over, newest first; of those that are released it says so."""
    today, held = clock.today(), set(published.every_period(the_actor()))
    form.period.choices = []
    for name in (*_before(Quarter.of(today), 8), *_before(Month(today.year, today.month), 12)):
        words = quarter_words(name)
        form.period.choices.append((name, _("%(quarter)s, released", quarter=words) if name in held else words))
    return form


def _before(period: Period, most: int) -> Iterator[str]:
    for _turn in range(most):
        period = period.before()
        yield str(period)


def _list(form: MakeReleaseForm) -> Any:
    actor = the_actor()
    found = published.releases(actor, request.args.get("cursor"))
    return page(
        "statistics/releases.html",
        form=_offered(form),
        releases=found.items,
        preparations=preparations.latest(actor) if actor.may(Permission.RELEASE_MAKE) else [],
        next_url=url_for(".releases", cursor=found.next) if found.next else None,
        first_url=url_for(".releases") if request.args.get("cursor") else None,
    )


@bp.get("/releases/<uuid:release_id>")
@requires(Permission.FIGURES_READ)
def release(release_id: UUID) -> Any:
    """One release: its tables, how much is not shown, my exports."""
    return _show(release_id, MakeExportForm(formdata=None, table=request.args.get("table", "")))


@bp.post("/releases/<uuid:release_id>/exports")
@requires(Permission.FIGURES_EXPORT, fresh=ACTS)
def export_new(release_id: UUID) -> Any:
    """Makes the file of a stated purpose and stores it."""
    actor = the_actor()
    form = MakeExportForm()
    found = published.release(actor, release_id)
    if form.validate_on_submit() and attempt(form, service.make, form.command, found, actor, tag()):
        flash(_("The file is ready. Each download is written to the trail."), "ok")
        return redirect(url_for(".release", release_id=release_id) + "#exports")
    return _show(release_id, form)


@bp.get("/releases/<uuid:release_id>/exports/<uuid:export_id>")
@requires(Permission.FIGURES_EXPORT, fresh=ACTS)
def export(release_id: UUID, export_id: UUID) -> Response:
    """The stored bytes, the same each time."""
    return sent(published.export(the_actor(), release_id, export_id))


def sent(row: StatExport) -> Response:
    """The stored bytes as a download."""
    response = Response(service.fetched(row), mimetype=None, content_type=row.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{row.file_name}"'
    return response


def _show(release_id: UUID, form: MakeExportForm) -> Any:
    actor = the_actor()
    found = published.release(actor, release_id)
    lost = found.report or {}
    levels = {place.level for place in published.places(actor, found)}
    kinds = [table for table in published.catalogue(found).tables if levels & set(table.levels)]
    tables = [(table, table.label(tag()), lost.get(table.code, {})) for table in kinds]
    form.offer((table.code, label) for table, label, _lost in tables)
    return page(
        "statistics/release.html",
        form=form,
        release=found,
        tables=tables,
        exports=published.exports(actor, release_id),
        earlier=published.release(actor, found.supersedes_id) if found.supersedes_id else None,
        later=published.correction(actor, found),
        **release_facts(found),
    )
