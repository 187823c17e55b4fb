"""Acts that need two people: what waits, one of them with everything to decide by, yes, no, taking it back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.asked import ASKED
from caseapp.access.fresh import ACTS
from caseapp.access.roles import ROLES
from caseapp.blueprints.admin.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.organisation.admin import RefuseForm
from caseapp.models.trust import AskedAct
from caseapp.queries.trust import asked as queries
from caseapp.queries.trust import disposals
from caseapp.services.trust import asked as service
from caseapp.services.trust import disposal as _disposal_service  # noqa: F401 - says how agreeing is carried out

TAKES_PART = tuple(sorted({permission for kind in ASKED.values() for permission in kind.asks | kind.decides}))
Words = Callable[[AskedAct], list[tuple[Any, Any]]]
TELLS: dict[str, Words] = {}


def tells(kind: str) -> Callable[[Words], Words]:
    """Says which function puts the facts of a kind into lines (label, value) for whoever decides."""

    def say(words: Words) -> Words:
        TELLS[kind] = words
        return words

    return say


@tells("disposal")
def _disposal(row: AskedAct) -> list[tuple[Any, Any]]:
    """How many, which file numbers while they are there, and the certificate once it is done."""
    told = disposals.told(row)
    lines: list[tuple[Any, Any]] = [(_("Persons"), str(len(row.facts["clients"])))]
    if told.certificate is not None:
        lines.append((_("Rows deleted for good"), str(sum(told.certificate.deleted.values()))))
        lines.append((_("Certificate"), str(told.certificate.id)))
    elif told.numbers:
        lines.append((_("File numbers"), ", ".join(told.numbers)))
    return lines


@bp.get("/asked")
@requires(*TAKES_PART)
def asked() -> Any:
    """What waits for my yes or no, and what I asked for."""
    actor = the_actor()
    return page("admin/asked.html", waiting=queries.waiting(actor), mine=queries.mine(actor), roles=ROLES)


@bp.get("/asked/<uuid:asked_id>")
@requires(*TAKES_PART)
def asked_act(asked_id: UUID) -> Any:
    """One act: what, by whom, why, until when."""
    actor, told = the_actor(), queries.one(asked_id)
    return page(
        "admin/asked_act.html",
        told=told,
        lines=TELLS[told.row.kind](told.row) if told.row.kind in TELLS else [],
        decides=told.is_mine_to_decide(actor),
        takes_back=told.row.asked_by_id == actor.user_id and told.row.state in ("waiting", "agreed") and not told.is_over,
        roles=ROLES,
    )


@bp.post("/asked/<uuid:asked_id>/agree")
@requires(*TAKES_PART, fresh=ACTS)
def agree_asked(asked_id: UUID) -> Any:
    """The second yes."""
    row = service.agree(asked_id, the_actor())
    words = _("Agreed, and done.") if row.state == "done" else _("Agreed. Whoever asked can do it now, once.")
    flash(words, "ok")
    return redirect(url_for(".asked_act", asked_id=row.id))


@bp.route("/asked/<uuid:asked_id>/refuse", methods=["GET", "POST"])
@requires(*TAKES_PART, fresh=ACTS)
def refuse_asked(asked_id: UUID) -> Any:
    """No, with the reason."""
    actor, told = the_actor(), queries.one(asked_id)
    form, back = RefuseForm(), url_for(".asked_act", asked_id=asked_id)
    if form.validate_on_submit() and attempt(form, lambda command: service.refuse(asked_id, command.note, actor), form.command):
        flash(_("Refused."), "ok")
        return redirect(back)
    return page("admin/refuse.html", form=form, title=_("Refuse this"), why=str(told.kind.label), back=back)


@bp.post("/asked/<uuid:asked_id>/take-back")
@requires(*TAKES_PART)
def take_back_asked(asked_id: UUID) -> Any:
    """The asker wants it no more."""
    service.take_back(asked_id, the_actor())
    flash(_("Taken back."), "ok")
    return redirect(url_for(".asked_act", asked_id=asked_id))
