"""Handovers: what waits and what was, a new one, one of them."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.handovers.blueprint import bp
from caseapp.blueprints.handovers.words import Words, names_of, state_words
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.casework.handover import AnswerHandoverForm, HandOverForm, LinesForm
from caseapp.queries.casework import handovers as queries
from caseapp.queries.casework.handovers import Line
from caseapp.queries.organisation import workers
from caseapp.schemas.casework.handover import MOST
from caseapp.services.casework.handovers import answer, offer


@bp.get("")
@requires(Permission.HANDOVER)
def index() -> Any:
    """What waits for me, what waits for others, what was handed over."""
    actor = the_actor()
    found = queries.listed(request.args.get("cursor"))
    waits = [one for one in queries.desk(actor) if not one.ordered]
    frames = [*found.items, *(one.row for one in waits)]
    return page(
        "handovers/index.html",
        waits=waits,
        rows=found.items,
        counts=queries.counts(found.items),
        state_words=state_words,
        words=Words([], names_of(frames)),
        actor=actor,
        next_url=url_for(".index", cursor=found.next) if found.next else None,
        first_url=url_for(".index") if request.args.get("cursor") else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.HANDOVER)
def new() -> Any:
    """Files are ticked, a colleague chosen; by the head it takes effect at once."""
    actor, form = the_actor(), HandOverForm()
    is_head = actor.may(Permission.CASE_ASSIGN)
    people, files = _named("client"), _named("case")
    whose = None if is_head else actor.users
    named = bool(people or files)
    lines = [*queries.of_persons(people, whose), *queries.of_cases(files, whose)] if named else queries.mine(actor)
    if named and not lines:
        raise NotFound()
    words = Words(lines)
    persons, cases = [line for line in lines if line.case is None], [line for line in lines if line.case is not None]
    form.offer(words.choices(persons), words.choices(cases), _receivers(lines))
    if not form.is_submitted():
        if named:
            form.client_ids.data = [str(line.row.id) for line in persons][:MOST]
            form.case_ids.data = [str(line.row.id) for line in cases][: MOST - len(form.client_ids.data)]
    elif form.validate():
        handover = attempt(form, offer.order if is_head else offer.offer, form.command, actor)
        if handover:
            said = _("Handed over.") if is_head else _("Offered. Until it is accepted, you stay responsible.")
            flash(said, "ok")
            return redirect(url_for(".show", handover_id=handover.id))
    both = {**words.reasons(persons, whose=is_head), **words.reasons(cases, whose=is_head)}
    return page("handovers/new.html", form=form, reasons=both, is_head=is_head, most=MOST, lines=lines)


@bp.route("/<uuid:handover_id>", methods=["GET", "POST"])
@requires(Permission.HANDOVER)
def show(handover_id: UUID) -> Any:
    """One handover with its files and promises; whoever receives it answers here."""
    actor = the_actor()
    row, items = queries.one(handover_id)
    lines = queries.lines_of(items)
    words = Words(lines, [*names_of([row]), *(item.answered_by_id for item in items), *(item.from_id for item in items)])
    open_lines = [line for line in lines if line.item is not None and line.item.state == "waiting"]
    mine = [line for line in open_lines if line.item is not None and line.item.to_id == actor.user_id]
    is_head = actor.may(Permission.CASE_ASSIGN)
    form = AnswerHandoverForm()
    asked = mine or (open_lines if is_head else [])
    form.item_ids.choices = _ticks(asked, words)
    if not form.is_submitted():
        form.item_ids.data = [value for value, _name in form.item_ids.choices]
    elif form.validate() and attempt(form, answer.answer, form.command, row, items, actor):
        flash(_("Taken over: you are responsible now.") if form.command.accept and mine else _("Saved."), "ok")
        return redirect(url_for(".show", handover_id=row.id))
    back = LinesForm(formdata=None)
    offered = [line for line in open_lines if line.item is not None and (is_head or actor.is_in_charge(line.item.from_id))]
    back.item_ids.choices = _ticks(offered, words)
    return page(
        "handovers/show.html",
        form=form,
        row=row,
        lines=lines,
        words=words,
        counts=queries.counts([row]).get(row.id, {}),
        state_words=state_words,
        reasons={str(line.item.id): words.about(line) for line in lines if line.item is not None},
        mine=bool(mine),
        asked=bool(asked),
        offered=bool(offered) and not mine,
        back=back,
        may_undo=is_head and answer.why_not_undone(row, items) is None,
    )


def _ticks(lines: list[Line], words: Words) -> list[tuple[str, str]]:
    return [(str(line.item.id), words.name(line)) for line in lines if line.item is not None]


def _named(name: str) -> list[UUID]:
    """The ids named in the address; what is no id is nobody's."""
    found = []
    for given in request.args.getlist(name)[:MOST]:
        try:
            found.append(UUID(given))
        except ValueError as error:
            raise NotFound() from error
    return found


def _receivers(lines: list[Line]) -> list[tuple[str, str]]:
    """Colleagues but whoever is responsible for all of it already."""
    now = {line.row.worker_id for line in lines}
    alone = next(iter(now)) if len(now) == 1 else None
    return [(str(key), name) for key, name in workers.of(the_actor()) if key != alone]
