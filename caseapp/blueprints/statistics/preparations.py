"""A release on its way: how far the work is, what it would hide, and the second person's word on it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page, settled, wants_fragment
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp
from caseapp.core.text import _
from caseapp.forms.statistics.release import ApproveForm, DeclineForm
from caseapp.models.statistics import StatPreparation
from caseapp.queries.statistics import preparations, published
from caseapp.reference.statistics import versions
from caseapp.services.statistics import release as service


@bp.app_template_global("preparation_words")
def preparation_words(state: str) -> str:
    """What has become of a preparation, for templates."""
    return {
        "waiting": _("Waits for a worker"),
        "running": _("Being reckoned"),
        "ready": _("Waits for a second person"),
        "failed": _("Did not come to an end"),
        "cancelled": _("Taken back"),
        "refused": _("Refused"),
        "expired": _("Out of date"),
        "published": _("Published"),
    }[state]


def step_words(step: str | None) -> str:
    """What a worker is at."""
    return {
        "recount": _("Counting once more"),
        "facts": _("Reading the counted facts"),
        "areas": _("Fixing the publication areas"),
        "protection": _("Protecting the cells"),
        "gate": _("Attacking the result"),
        "storing": _("Keeping the result"),
    }.get(step or "", "")


def fault_words(fault: str | None) -> str:
    """Why the work did not come to an end; a fault of the program has its details in the log."""
    return {
        None: "",
        "no_facts": _("The quarter was counted anew meanwhile and not up to its end: run the refresh and prepare it again."),
        "nothing_to_correct": _(
            "Nothing can be corrected: either nothing has changed since, or so little that the change would tell of those few. "
            "It counts in the next quarter."
        ),
        "no_room": _("What was released earlier leaves no room to protect these figures."),
        "gate": _("The attack found cells that could be reckoned out: these figures cannot be released as they are."),
        "given_up": _("The work was broken off several times; ask whoever runs this installation."),
    }.get(fault, _("The program failed; whoever runs this installation finds the details in its log."))


@bp.get("/preparations/<uuid:preparation_id>")
@requires(Permission.RELEASE_MAKE)
def preparation(preparation_id: UUID) -> Any:
    """How far it is, or what it has come to."""
    row = preparations.preparation(the_actor(), preparation_id)
    if wants_fragment():
        return render_template("statistics/progress.html", **_progress(row))
    return _show(row, ApproveForm(formdata=None))


@bp.post("/preparations/<uuid:preparation_id>/publish")
@requires(Permission.RELEASE_MAKE, reading=True)
def preparation_publish(preparation_id: UUID) -> Any:
    """Publishes it: a second person, who gives the own password once more."""
    form, actor = ApproveForm(), the_actor()
    if form.validate_on_submit():
        publish = lambda command: service.approve(  # noqa: E731
            preparation_id, command.password, actor, address=request.remote_addr or ""
        )
        release_id = attempt(form, publish, form.command)
        if release_id:
            flash(_("Published. It never changes again."), "ok")
            return redirect(url_for(".release", release_id=release_id), 303)
    return _show(preparations.preparation(actor, preparation_id), form)


@bp.post("/preparations/<uuid:preparation_id>/refuse")
@requires(Permission.RELEASE_MAKE)
def preparation_refuse(preparation_id: UUID) -> Any:
    """Does not publish it, for a stated reason."""
    return _decline(preparation_id, service.refuse, _("Refused."))


@bp.post("/preparations/<uuid:preparation_id>/cancel")
@requires(Permission.RELEASE_MAKE)
def preparation_cancel(preparation_id: UUID) -> Any:
    """Takes it back, whether it is ready or not."""
    return _decline(preparation_id, service.cancel, _("Taken back."))


def _decline(preparation_id: UUID, verb: Any, said: str) -> Any:
    form, actor, to = DeclineForm(), the_actor(), url_for(".preparation", preparation_id=preparation_id)
    done = settled(form, lambda command: verb(preparation_id, command.words, actor), said, to)
    return done or _show(preparations.preparation(actor, preparation_id), form)


def _progress(row: StatPreparation) -> dict[str, Any]:
    job = preparations.job_of(row)
    return {
        "preparation": row,
        "state": preparation_words(row.state),
        "percent": job.percent if job else 0,
        "step": step_words(job.step if job else None),
        "fault": fault_words("gate" if row.gate and not row.gate.get("passed") else job.fault if job else None),
        "is_going": row.state in ("waiting", "running") and (job is None or job.state in ("waiting", "running")),
    }


def _hits(row: StatPreparation) -> list[tuple[str, str, str, str]]:
    """What the attack found: who could reckon, how, in which table and area; never what."""
    kinds = (
        {kind.code: kind.label(tag()) for kind in versions()[row.catalogue_version].issue(row.period).tables}
        if row.catalogue_version
        else {}
    )
    places = {area["code"]: area["name"] for area in row.areas or ()}
    found = [*(row.gate or {}).get("hits", ()), *(row.gate or {}).get("undecided", ())]
    return [
        (_knower(hit["who"]), _how(hit["kind"]), kinds.get(hit["table"], hit["table"]), places.get(hit["area"], hit["area"]))
        for hit in found
    ]


def _knower(who: str) -> str:
    if who.startswith("station"):
        return _("A station with its own data")
    return _("A contractor with the data of its stations") if who.startswith("contractor") else _("Everybody")


def _how(kind: str) -> str:
    return {
        "exact": _("the number itself"),
        "near": _("the number within one"),
        "small": _("that it is small and not nought"),
        "shown": _("what is left beside the own part"),
        "alike": _("that all have the same value"),
        "revision": _("a change by a few"),
        "undecided": _("not decided in the time given"),
    }.get(kind, _("too much"))


def _show(row: StatPreparation, form: ApproveForm | DeclineForm) -> Any:
    actor = the_actor()
    is_approval = isinstance(form, ApproveForm)
    lost = row.report or {}
    before = published.of_period(actor) if published.periods(actor) else None
    tables = versions()[row.catalogue_version].issue(row.period).tables if row.catalogue_version else ()
    return page(
        "statistics/preparation.html",
        form=form,
        approve=form if is_approval else ApproveForm(formdata=None),
        decline=DeclineForm(formdata=None) if is_approval else form,
        is_mine=row.made_by_id == actor.user_id,
        tables=[
            (kind.label(tag()), lost.get(kind.code, {}), ((before and before.report) or {}).get(kind.code)) for kind in tables
        ],
        before=before,
        hits=_hits(row),
        attacked=(row.gate or {}).get("figures"),
        **_progress(row),
    )
