"""The first page after sign-in, per role: what is late, what is due, what waits."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.blueprints.http import duties
from caseapp.blueprints.http.filters import label, long_date, tag, word
from caseapp.blueprints.http.guard import requires, signed_in
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.people import age_of, case_title, late_by
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.oversight import words
from caseapp.blueprints.oversight.pages import basis
from caseapp.blueprints.today import passing
from caseapp.blueprints.today.office import office
from caseapp.core import clock, dates
from caseapp.core.errors import NotFound
from caseapp.core.text import _, opening
from caseapp.forms.casework.task import EndTaskForm
from caseapp.queries.casework import cases, clients, due, since, today
from caseapp.queries.casework import reviews as review_queries
from caseapp.queries.casework import tasks as task_queries
from caseapp.queries.casework.duties import Whose
from caseapp.queries.casework.oversight import stations
from caseapp.queries.casework.referrals import boxes
from caseapp.queries.organisation import covers, grants, own, villages, workers
from caseapp.queries.trust import drafts
from caseapp.services.casework import tasks
from caseapp.services.organisation import codes

bp = Blueprint("today", __name__)


@bp.get("/")
@signed_in
def index() -> Any:
    """Today, as the active role needs it."""
    actor = the_actor()
    rows = ROLES[actor.role].rows if actor.role in ROLES else "none"
    if rows in ("worker", "head"):
        return _desk(rows)
    if rows in ("supervisor", "township"):
        return _oversight()
    return office()


@bp.get("/more")
@signed_in
def more() -> Any:
    """Everything the bar of a phone has no room for."""
    return page("today/more.html")


def _desk(rows: str) -> Any:
    actor = the_actor()
    everybody = rows == "head" and request.args.get("whose") != "me"
    found = today.desk(actor, None if everybody else actor.users)
    now, last = clock.today(), own.last_here(actor)
    until = now + timedelta(days=today.SOON)
    asked = duties.of_desk(actor, until, everybody=everybody, is_head=rows == "head")
    instead = {} if everybody else covers.mine(actor)
    jobs = sorted([*_urgent(found), *asked, *_visits(found, instead), *_steps(found, instead)], key=lambda job: job["on"])
    at_once = [job for job in jobs if job.get("urgent") and job["on"] <= now]
    jobs = [job for job in jobs if job not in at_once]
    return page(
        "today/desk.html",
        desk=found,
        everybody=everybody,
        is_head=rows == "head",
        confirm=len(grants.waiting(actor)) + len(codes.waiting(actor)) if actor.may(Permission.GRANT_CONFIRM) else 0,
        overdue=[job for job in jobs if job["on"] < now],
        now=[job for job in jobs if job["on"] == now],
        soon=[job for job in jobs if job["on"] > now],
        waiting=[_step(row, found, instead) for row in found.waiting],
        at_once=at_once,
        tasks=[_task(row, found) for row in found.tasks if row.kind not in _pressing()],
        referrals=boxes.desk(actor),
        handovers=passing.handed(actor),
        instead=list(instead.values()),
        orphans=passing.orphans(actor) if everybody else [],
        drafts=[draft for draft, is_open in drafts.mine(actor)[:5] if is_open],
        last=last,
        latest=since.to_cases_of(None if everybody else actor.users, actor, last),
        days=_week(found),
        per_worker=today.per_worker(actor, found) if everybody else None,
        new_grants=own.recent_for_station(actor) if rows == "head" else [],
        lunar=dates.lunar(now) if tag() == "zh" else "",
        left=(dates.month_end(now) - now).days,
    )


def _oversight() -> Any:
    actor = the_actor()
    kinds = review_queries.kinds_of(actor)
    queue = today.queue(kinds)
    pressing, last = today.attention(), own.last_here(actor)
    return page(
        "today/oversight.html",
        queue=queue,
        pressing=pressing,
        stations=stations.side_by_side(basis()),
        groups=words.groups(),
        last=last,
        happened=since.counts(actor, last),
        latest=since.latest(actor, last),
        people=workers.names({r.asked_by_id for r, _case in queue} | {c.worker_id for c in pressing}),
        places=villages.names(row.place_code for row in [*pressing, *(case for _review, case in queue)]),
    )


def _who(client: Any, desk: Any) -> str:
    parts = [label("sex", client.sex)]
    if age_of(client) is not None:
        parts[0] += " " + _("aged %(n)s", n=age_of(client))
    if client.residence_code:
        parts.append(desk.places.get(client.residence_code, ""))
    return _(", ").join(part for part in parts if part)


def _due(step: str, day: date) -> str:
    """What is to be done, with the weekday of a day to come; late by how much is said elsewhere."""
    if day <= clock.today():
        return label("next_step", step)
    return str(opening(_("%(what)s, %(weekday)s", what=word("next_step", step), weekday=format_date(day, "EEE"))))


def _for(row: Any, instead: Any) -> str:
    """In whose place something is done."""
    return _("in place of %(name)s", name=instead[row.worker_id].name) if row.worker_id in instead else ""


def _visits(desk: Any, instead: Any) -> list[dict[str, Any]]:
    return [
        {
            "on": row.next_visit_on,
            "name": row.name,
            "client": row,
            "url": url_for("clients.show", client_id=row.id),
            "risk": row.risk if row.risk != "green" else None,
            "who": _(", ").join(part for part in (_who(row, desk), _for(row, instead)) if part),
            "late": late_by(row.next_visit_on),
            "due": _due("visit", row.next_visit_on),
            "why": due.sentence(row),
            "act": _("Record"),
            "act_url": url_for("visits.new", client=row.id),
        }
        for row in desk.clients
    ]


def _steps(desk: Any, instead: Any) -> list[dict[str, Any]]:
    return [_step(row, desk, instead) for row in desk.cases]


def _step(row: Any, desk: Any, instead: Any) -> dict[str, Any]:
    url = url_for(f"{row.domain}.show", case_id=row.id)
    return {
        "on": row.next_step_on,
        "name": case_title(row),
        "client": row.client,
        "url": url,
        "domain": row.domain,
        "risk": row.risk if row.risk != "green" else None,
        "who": _(", ").join(
            part for part in (_who(row.client, desk) if row.client is not None else "", _for(row, instead)) if part
        ),
        "late": late_by(row.next_step_on),
        "due": _due(row.next_step, row.next_step_on),
        "why": word("next_step", row.next_step) if late_by(row.next_step_on) else word("case_status", row.status),
        "act": _("Open"),
        "act_url": url,
    }


def _pressing() -> frozenset[str]:
    """Kinds of tasks that stand among the day's work and not beside it."""
    return reference.codes("task_kind").having("urgent")


def _urgent(desk: Any) -> list[dict[str, Any]]:
    found = []
    for row in desk.tasks:
        if row.kind in _pressing():
            client, case = desk.named.get(row.client_id), desk.files.get(row.case_id)
            url = url_for(".task", task_id=row.id)
            name = client.name if client is not None else case_title(case) if case is not None else label("task_kind", row.kind)
            found.append(
                {
                    "on": row.due_on,
                    "name": name,
                    "client": client,
                    "url": url_for("clients.show", client_id=client.id) if client is not None else url,
                    "who": _who(client, desk) if client is not None else "",
                    "late": late_by(row.due_on),
                    "due": label("task_kind", row.kind),
                    "why": long_date(row.due_on),
                    "act": _("Open"),
                    "act_url": url,
                    "urgent": True,
                }
            )
    return found


def _task(row: Any, desk: Any) -> dict[str, Any]:
    client, case = desk.named.get(row.client_id), desk.files.get(row.case_id)
    url = url_for("clients.show", client_id=client.id) if client is not None else None
    if case is not None:
        url = url_for(f"{case.domain}.show", case_id=case.id)
    return {
        "id": row.id,
        "what": label("task_kind", row.kind),
        "name": client.name if client is not None else case_title(case) if case is not None else "",
        "client": client,
        "url": url,
        "act_url": url_for("duplicates.index") if row.kind == "other_station" else url_for("today.task", task_id=row.id),
        "late": late_by(row.due_on),
        "on": long_date(row.due_on),
    }


def _week(desk: Any) -> list[dict[str, Any]]:
    first = clock.today()
    return [
        {
            "label": format_date(day, "EEEEE" if tag() == "zh" else "EEE"),
            "number": day.day,
            "count": desk.week.get(day, 0),
            "url": url_for("visits.index", day=day.isoformat()),
            "current": day == first,
            "rest": not dates.is_working_day(day),
        }
        for day in (first + timedelta(days=n) for n in range(7))
    ]


@bp.route("/tasks/<uuid:task_id>", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def task(task_id: Any) -> Any:
    """A promise is kept, or could not be kept with a reason."""
    row, form = task_queries.one(task_id), EndTaskForm()
    form.offer()
    if form.validate_on_submit():
        follows = tasks.end(form.command, row, the_actor())
        flash(_("Saved. Be in touch again by %(day)s.", day=long_date(follows.due_on)) if follows else _("Saved."), "ok")
        return redirect(url_for(".index"))
    case = cases.many([row.case_id]).get(row.case_id) if row.case_id else None
    kind = reference.codes("task_kind").get(row.kind)
    return page(
        "today/task.html",
        form=form,
        task=row,
        client=task_queries.client_of(row),
        case=case,
        instrument=kind.facts.get("instrument") if kind else None,
    )


@bp.route("/duties/<kind>/<uuid:client_id>", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def end_duty(kind: str, client_id: Any) -> Any:
    """What facts on file ask for was done another way, or cannot be done."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    whose = Whose(clock.today() + timedelta(days=duties.AHEAD), client=client)
    duty = next((one for one in duties.gathered(whose) if one.kind == kind and one.ending), None)
    if duty is None:
        raise NotFound()
    form = EndTaskForm()
    form.offer()
    if form.validate_on_submit():
        tasks.end_duty(form.command, kind, duty.on, client, the_actor())
        flash(_("Saved."), "ok")
        return redirect(url_for("clients.show", client_id=client.id))
    return page("today/duty.html", form=form, duty=duty, client=client)
