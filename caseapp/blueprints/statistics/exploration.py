"""Exploration with noise: what may be asked, asking, and the stored answer; there is none where the deployment has not switched it on."""

from typing import Any
from uuid import UUID

from flask import current_app, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp, cell, level_words
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.statistics.exploration import AskForm
from caseapp.queries.statistics import exploration as query
from caseapp.queries.statistics import published
from caseapp.reference.statistics import Question, key_of, questions, versions
from caseapp.services.statistics.exports import quarter_words
from caseapp.services.statistics.noise.ask import ask


def budget() -> int:
    """How many questions of a quarter one user may ask; NotFound where exploration is switched off."""
    most: int = current_app.config["SETTINGS"].exploration
    if not most:
        raise NotFound()
    return most


@bp.app_template_global("may_explore")
def may_explore() -> bool:
    """Whether the deployment has switched exploration on, for templates."""
    return bool(current_app.config["SETTINGS"].exploration)


@bp.get("/exploration")
@requires(Permission.FIGURES_READ)
def exploration() -> Any:
    """What may be asked, and what was asked lately."""
    budget()
    return _page(AskForm(formdata=None))


@bp.post("/exploration")
@requires(Permission.FIGURES_READ)
def exploration_ask() -> Any:
    """Asks one question."""
    most, form = budget(), AskForm()
    _offer(form)
    if form.validate_on_submit():
        row = attempt(form, ask, form.command, the_actor(), most)
        if row:
            return redirect(url_for(".exploration_answer", question_id=row.id))
    return _page(form)


@bp.get("/exploration/<uuid:question_id>")
@requires(Permission.FIGURES_READ)
def exploration_answer(question_id: UUID) -> Any:
    """The stored answer of one's own question, marked as changed."""
    most, actor = budget(), the_actor()
    found = query.answer(actor, question_id)
    return page(
        "statistics/answer.html",
        found=found,
        title=title(found.question, found.release.catalogue_version),
        period=found.release.period,
        unit=found.question.table.fact("unit", tag()),
        columns=[*(words(found, name) for name in found.question.names), _("Number, changed")],
        rows=_rows(found),
        left=max(most - query.asked(actor, found.release.id), 0),
    )


def title(question: Question, version: str) -> str:
    """What is asked, in words."""
    dimensions = versions()[version].dimensions
    measure = versions()[version].measures.get(question.measure)
    what = measure.label(tag()) if measure else question.table.label(tag())
    by = [dimensions[name].label(tag()) for name in question.names]
    return _("%(what)s, by %(how)s", what=what, how=_(" and ").join(by)) if by else _("%(what)s, in all", what=what)


def words(found: query.Answer, name: str) -> str:
    """A dimension in words."""
    return published.catalogue(found.release).dimensions[name].label(tag())


def _rows(found: query.Answer) -> list[dict[str, Any]]:
    dimensions = [published.catalogue(found.release).dimensions[name] for name in found.question.names]
    lines: list[tuple[dict[str, str], list[str]]] = [({}, [])]
    for dimension in dimensions:
        lines = [
            ({**dims, dimension.code: value.code}, [*labels, value.label(tag())])
            for dims, labels in lines
            for value in dimension.values
        ]
    return [
        {"label": labels[0] if labels else _("Total"), "cells": [*labels[1:], cell(found.answers[key_of(dims)])]}
        for dims, labels in lines
    ]


def _offer(form: AskForm) -> bool:
    """The quarters, questions and areas to choose from; False where there is nothing to ask."""
    actor = the_actor()
    periods = query.prepared(actor)
    release = published.of_period(actor, periods[0]) if periods else None
    form.period.choices = [(period, quarter_words(period)) for period in periods]
    form.question.choices, form.area.choices = [], []
    if release is not None:
        form.area.choices = [(p.code, f"{level_words(p.level)} {p.name}") for p in query.places(actor, release)]
        found = questions(published.catalogue(release))
        form.question.choices = [(query.code_of(one), title(one, release.catalogue_version)) for one in found]
    return release is not None


def _page(form: AskForm) -> Any:
    actor = the_actor()
    if not _offer(form):
        if not query.may(actor):
            raise NotFound()
        return page("statistics/none.html")
    names = dict(form.question.choices)
    return page(
        "statistics/exploration.html",
        form=form,
        budget=budget(),
        asked=[(row.id, names.get(f"{row.measure}:{row.dims}", row.measure), row) for row in query.latest(actor)],
        areas=dict(form.area.choices),
    )
