"""One act for the persons ticked in the list: first who changes and who is refused and why, then all of it or nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import age_of
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _, _l, ngettext
from caseapp.forms.casework.client.several import (
    AssignSeveralForm,
    EndSeveralForm,
    SeveralForm,
    TagSeveralForm,
    TickedForm,
)
from caseapp.models.casework import Client
from caseapp.queries.organisation import villages, workers
from caseapp.schemas.casework.client.several import MOST
from caseapp.services.casework.clients import several as service

TITLES = {
    "assign": _l("Another worker for several persons"),
    "tag": _l("A target group for several persons"),
    "end": _l("End several stays on file"),
}
GO = {"assign": _l("Assign"), "tag": _l("Add the group"), "end": _l("End the stays on file")}
FORMS: dict[str, type[SeveralForm]] = {"assign": AssignSeveralForm, "tag": TagSeveralForm, "end": EndSeveralForm}


@bp.post("/clients/several")
@requires(Permission.CLIENT_WRITE, reading=True)
def several() -> Any:
    """What was ticked in the list, and which button was pressed."""
    ticked, actor = TickedForm(), the_actor()
    if not ticked.validate():
        said = [str(words) for field in ticked for words in field.errors] or [_("Choose one of the answers offered.")]
        flash(said[0], "careful")
        return redirect(url_for(".index"), 303)
    people = service.in_sight(ticked.command["person"])
    if not people:
        flash(_("Tick at least one person."), "careful")
        return redirect(url_for(".index"), 303)
    act = ticked.command["act"]
    if act == "hand_over":
        return redirect(url_for("handovers.new", client=[row.id for row in people]), 303)
    if act != "tag" and not actor.may(Permission.CASE_ASSIGN):
        flash(_("Only the head does this."), "careful")
        return redirect(url_for(".index"), 303)
    return redirect(url_for(f".{act}_several", person=[row.id for row in people]), 303)


@bp.route("/clients/several/assign", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def assign_several() -> Any:
    """Another worker for several persons."""

    def done(command: Any, judged: Any) -> Any:
        handover = service.assign(command, judged, the_actor())
        flash(_("Assigned. You can take it back within a week."), "ok")
        return url_for("handovers.show", handover_id=handover.id)

    return _act("assign", service.judge_assign, done)


@bp.route("/clients/several/tag", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def tag_several() -> Any:
    """A target group for several persons."""

    def done(command: Any, judged: Any) -> Any:
        service.tag(command, judged, the_actor())
        flash(ngettext("Added for %(num)s person.", "Added for %(num)s persons.", len(judged)), "ok")
        return url_for(".index", tag=command.code)

    return _act("tag", service.judge_tag, done)


@bp.route("/clients/several/end", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def end_several() -> Any:
    """The end of several stays on file."""

    def done(command: Any, judged: Any) -> Any:
        service.end(command, judged, the_actor())
        flash(ngettext("%(num)s stay on file has ended.", "%(num)s stays on file have ended.", len(judged)), "ok")
        return url_for(".index")

    return _act("end", service.judge_end, done)


def _act(act: str, judge: Callable[..., Any], done: Callable[..., Any]) -> Any:
    """Shown first; carried out when the same was shown before and still holds."""
    form = FORMS[act]()
    form.offer(_people())
    if not form.is_submitted():
        return _begun(act, form)
    if not form.validate():
        ids = [value.partition(":")[0] for value in (form.persons.data or [])[:100]]
        people = service.in_sight(_uuids(ids))
        return _shown(act, form, [service.Judged(row) for row in people], first=True)
    command = form.command
    judged = attempt(form, judge, command, the_actor())
    if judged is None or judged is True:
        return _shown(act, form, [service.Judged(row) for row in service.in_sight(one.id for one in command.persons)], first=True)
    going = [one for one in judged if one.why is None]
    same = command.shown == _digest(command, going)
    if same and going and len(going) == len(judged):
        there = attempt(form, done, command, going)
        if there:
            return redirect(there)
    elif command.shown is not None:
        form.form_errors.append(_("This is not what you looked at before. Look at it again, then say yes."))
        form.renew()
    form.persons.data = [_value(one.client) for one in going]
    form.shown.data = _digest(command, going)
    return _shown(act, form, judged, status=409 if form.form_errors else None)


def _begun(act: str, form: SeveralForm) -> Any:
    """The empty form for the persons named in the address; who is not in sight is not spoken of."""
    people = service.in_sight(_uuids(request.args.getlist("person")[:MOST]))
    if not people:
        flash(_("Tick at least one person."), "careful")
        return redirect(url_for(".index"))
    for name in ("from_on", "to_on"):
        if name in form:
            form[name].data = clock.today().isoformat()
    form.persons.data = [_value(row) for row in people]
    return _shown(act, form, [service.Judged(row) for row in people], first=True)


def _shown(act: str, form: SeveralForm, judged: list[Any], *, first: bool = False, status: int | None = None) -> Any:
    form.offer(_people())
    going = [one.client for one in judged if one.why is None]
    names = workers.names(one.client.worker_id for one in judged)
    places = villages.names(one.client.residence_code for one in judged)
    form.persons.choices = [(_value(row), row.name) for row in going]
    if first:
        form.shown.data = ""
    return page(
        "clients/several.html",
        form=form,
        act=act,
        title=TITLES[act],
        go=GO[act],
        first=first,
        judged=judged,
        going=going,
        refused=[one for one in judged if one.why is not None],
        reasons={_value(row): _about(row, places, names) for row in going},
        status=status,
    )


def _about(row: Client, places: dict[str, str], names: dict[Any, str]) -> str:
    age = age_of(row)
    parts = [label("sex", row.sex), _("aged %(n)s", n=age) if age is not None else "", places.get(row.residence_code or "", "")]
    parts.append(_("now with %(name)s", name=names.get(row.worker_id, "") if row.worker_id else _("nobody")))
    return _(", ").join(str(part) for part in parts if part)


def _value(row: Client) -> str:
    return f"{row.id}:{row.version}"


def _digest(command: Any, going: list[Any]) -> str:
    """What the reader was shown: what is said of all of them, and whom it is for at which version."""
    said = {name: value for name, value in asdict(command).items() if name not in ("persons", "shown")}
    text = repr((sorted(said.items()), sorted(_value(one.client) for one in going)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _people() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in workers.of(the_actor())]


def _uuids(values: list[str]) -> list[Any]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
