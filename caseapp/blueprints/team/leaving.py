"""Everything that is open in somebody's name goes to somebody else."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import label, long_date
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import case_title
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.team.blueprint import bp, member
from caseapp.core.text import _, ngettext
from caseapp.forms.organisation.cover import leave_form
from caseapp.models.casework import Case, CaseMember, Client, Task
from caseapp.queries.casework import cases
from caseapp.queries.organisation import workers
from caseapp.services.casework.handovers import leaving


@bp.route("/<uuid:user_id>/leave", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def leave(user_id: UUID) -> Any:
    """What is open, part by part, and to whom it goes."""
    actor = the_actor()
    user = member(user_id, actor)
    found = leaving.look(user, actor)
    form = leave_form([part.code for part, _count, _rows in found.parts])()
    form.offer([(str(key), name) for key, name in workers.of(actor) if key != user.id], _("the same person"))
    if not form.is_submitted():
        form.version.data = found.count
    elif form.validate():
        moved = attempt(form, leaving.pass_everything, form.command, user, actor)
        if moved:
            flash(ngettext("%(num)s thing was handed over.", "%(num)s things were handed over.", moved.count), "ok")
            if moved.ends["drafts"]:
                flash(
                    ngettext(
                        "%(num)s unfinished note was dropped.", "%(num)s unfinished notes were dropped.", moved.ends["drafts"]
                    ),
                    "careful",
                )
            there = (
                url_for("handovers.show", handover_id=moved.handover_id)
                if moved.handover_id
                else url_for(".show", user_id=user.id)
            )
            return redirect(there)
        form.version.data = leaving.look(user, actor).count
    return page("team/leave.html", form=form, user=user, found=found, lines=_lines(found))


def _lines(found: leaving.Open) -> dict[str, list[tuple[str, str, str | None]]]:
    """Part → (name, what is said beside, address) of what the page shows."""
    held = [row for _part, _count, rows in found.parts for row in rows]
    ids = [row.id if isinstance(row, Case) else row.case_id for row in held if isinstance(row, Case | CaseMember | Task)]
    files = cases.many(key for key in ids if key is not None)  # with their subjects, which the titles name
    return {part.code: [_line(row, files) for row in rows] for part, _count, rows in found.parts}


def _line(row: Any, files: dict[Any, Case]) -> tuple[str, str, str | None]:
    if isinstance(row, Client):
        return row.name, row.file_no, url_for("clients.show", client_id=row.id)
    case = files.get(row.id if isinstance(row, Case) else getattr(row, "case_id", None))
    if isinstance(row, Task):
        about = case_title(case) if case is not None else ""
        return (
            label("task_kind", row.kind),
            _("until %(day)s", day=long_date(row.due_on)) + (_(", ") + about if about else ""),
            None,
        )
    if case is not None and isinstance(row, Case | CaseMember):
        return case_title(case), case.case_no, url_for(f"{case.domain}.show", case_id=case.id)
    number = getattr(row, "referral_no", None) or getattr(row, "number", None)
    day = getattr(row, "due_on", None) or getattr(row, "follow_up_on", None)
    return number or "", _("until %(day)s", day=long_date(day)) if day else "", None
