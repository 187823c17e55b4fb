"""Extracts of closed cases: ordered, weighed before anything is made, made, checked by a second person, fetched, over."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page, settled, wants_fragment
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp
from caseapp.blueprints.statistics.extract_words import (
    attributes_of,
    faults_of,
    measures_of,
    recipient_words,
    state_words,
    step_words,
)
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.statistics.extract import ApproveExtractForm, EndExtractForm, FetchExtractForm, OrderExtractForm
from caseapp.models.statistics import StatExtract
from caseapp.models.statistics.extract import OPEN
from caseapp.queries.statistics import extracts as queries
from caseapp.reference.extracts import extract_kind, extract_kinds
from caseapp.services.statistics.extract import checks, orders

FORMS = {"approve": ApproveExtractForm, "end": EndExtractForm, "fetch": FetchExtractForm}


@bp.get("/extracts")
@requires(Permission.EXTRACT_MAKE)
def extracts() -> Any:
    """All extracts, newest first."""
    found = queries.extracts(the_actor(), request.args.get("cursor"))
    return page(
        "statistics/extracts.html",
        extracts=[(row, recipient_words(row), state_words(row.state)) for row in found.items],
        next_url=url_for(".extracts", cursor=found.next) if found.next else None,
        first_url=url_for(".extracts") if request.args.get("cursor") else None,
    )


@bp.route("/extracts/new", methods=["GET", "POST"])
@requires(Permission.EXTRACT_MAKE)
def extract_new() -> Any:
    """What is wanted; it is weighed, nothing is made yet."""
    form = OrderExtractForm()
    form.offer(clock.today(), tag())
    if form.validate_on_submit():
        row = attempt(form, orders.order, form.command, the_actor())
        if row:
            flash(_("It is being weighed. Nothing is made before you have seen risk and loss."), "ok")
            return redirect(url_for(".extract", extract_id=row.id), 303)
    return page("statistics/extract_new.html", form=form, recipients=extract_kind().recipients, days=extract_kind().file_days)


@bp.get("/extracts/<uuid:extract_id>")
@requires(Permission.EXTRACT_MAKE)
def extract(extract_id: UUID) -> Any:
    """How far it is, what it would tell and lose, what has become of it."""
    row = queries.extract(the_actor(), extract_id)
    if wants_fragment():
        return render_template("statistics/progress.html", **_progress(row))
    return _show(row)


@bp.post("/extracts/<uuid:extract_id>/make")
@requires(Permission.EXTRACT_MAKE)
def extract_make(extract_id: UUID) -> Any:
    """Makes what was weighed: a preparation."""
    orders.have_made(extract_id, the_actor())
    return redirect(url_for(".extract", extract_id=extract_id), 303)


@bp.post("/extracts/<uuid:extract_id>/approve")
@requires(Permission.EXTRACT_MAKE, reading=True)
def extract_approve(extract_id: UUID) -> Any:
    """Hands it out: a second person, who gives the own password once more."""
    form, actor, to = ApproveExtractForm(), the_actor(), url_for(".extract", extract_id=extract_id)
    approve = lambda command: checks.approve(extract_id, command, actor, address=request.remote_addr or "")  # noqa: E731
    done = settled(form, approve, _("Handed out. Each download is asked for its purpose and written down."), to)
    return done or _show(queries.extract(actor, extract_id), approve=form)


@bp.post("/extracts/<uuid:extract_id>/decline")
@requires(Permission.EXTRACT_MAKE)
def extract_decline(extract_id: UUID) -> Any:
    """Does not hand it out, for a stated reason."""
    return _end(extract_id, checks.decline, _("Declined; what was made is deleted."))


@bp.post("/extracts/<uuid:extract_id>/cancel")
@requires(Permission.EXTRACT_MAKE)
def extract_cancel(extract_id: UUID) -> Any:
    """Takes it back before it is handed out."""
    return _end(extract_id, orders.cancel, _("Taken back."))


@bp.post("/extracts/<uuid:extract_id>/withdraw")
@requires(Permission.EXTRACT_MAKE)
def extract_withdraw(extract_id: UUID) -> Any:
    """Deletes the file of one that is handed out."""
    return _end(extract_id, checks.withdraw, _("Withdrawn; the file is deleted."))


@bp.post("/extracts/<uuid:extract_id>/file")
@requires(Permission.EXTRACT_MAKE, fresh=ACTS)
def extract_file(extract_id: UUID) -> Any:
    """The archive, for a stated purpose."""
    form, actor = FetchExtractForm(), the_actor()
    if form.validate_on_submit():
        found = attempt(form, lambda command: checks.fetch(extract_id, command, actor), form.command)
        if found:
            return sent(*found)
    return _show(queries.extract(actor, extract_id), fetch=form)


def sent(row: StatExtract, content: bytes) -> Response:
    """The archive as a download."""
    response = Response(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="caseapp-extract-{row.number}.zip"'
    return response


def _end(extract_id: UUID, verb: Any, said: str) -> Any:
    form, actor, to = EndExtractForm(), the_actor(), url_for(".extract", extract_id=extract_id)
    done = settled(form, lambda command: verb(extract_id, command, actor), said, to)
    return done or _show(queries.extract(actor, extract_id), end=form)


def _progress(row: StatExtract) -> dict[str, Any]:
    job = queries.job_of(row)
    is_failed = row.state in ("weighing", "making") and job is not None and job.state not in ("waiting", "running")
    return {
        "extract": row,
        "state": _("Did not come to an end") if is_failed else state_words(row.state),
        "percent": job.percent if job else 0,
        "step": step_words(job.step if job else None),
        "is_going": row.state in ("weighing", "making") and (job is None or job.state in ("waiting", "running")),
    }


def _show(row: StatExtract, **sent_form: Any) -> Any:
    actor = the_actor()
    forms = {name: sent_form.get(name) or kind(formdata=None) for name, kind in FORMS.items()}
    is_out = row.state == "approved" and row.expires_on is not None and row.expires_on > clock.today()
    return page(
        "statistics/extract.html",
        form=next(iter(sent_form.values()), None),
        recipient=recipient_words(row),
        told=attributes_of(row),
        measures=measures_of(row),
        why=faults_of(row),
        statements=extract_kinds()[row.rules].statements,
        fetches=queries.fetches(actor, row.id),
        is_mine=row.made_by_id == actor.user_id,
        is_open=row.state in OPEN,
        is_out=is_out,
        **forms,
        **_progress(row),
    )
