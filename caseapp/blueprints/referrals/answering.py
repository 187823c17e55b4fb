"""The receiver's forms: giving it to somebody, taking in, turning down, telling the sender."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.referrals import packet as in_words
from caseapp.blueprints.referrals.blueprint import bp
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.base import VersionedForm
from caseapp.forms.casework.referral import AcceptForm, GiveForm, NoteForm, RejectForm, TellForm
from caseapp.forms.fields import with_blank, words
from caseapp.models.casework import Referral
from caseapp.queries.casework import referrals as queries
from caseapp.queries.organisation import workers
from caseapp.services.casework.referrals import answer, arrive, sides


@bp.route("/<uuid:referral_id>/accept", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def accept(referral_id: UUID) -> Any:
    """Takes the person in; somebody with the same number is asked about."""
    row, form, actor = queries.one(referral_id), AcceptForm(), the_actor()
    sides.as_receiver(row, actor)
    frozen = queries.packet_of(row)
    if frozen is None:
        raise NotFound()
    same = arrive.same_number(frozen.content, actor) if row.kind == "station" else None
    form.worker_id.choices = [(str(key), name) for key, name in workers.of(actor)]
    form.domain.choices = with_blank(words("domain", tag(), [domain.code for domain in domains.all()]))
    form.client_id.choices = [(str(same.id), _("yes, the same person: %(name)s", name=same.name))] if same is not None else []
    if not form.is_submitted():
        form.version.data, form.domain.data = row.version, row.to_domain or frozen.content["domain"]
        form.worker_id.data = str(row.assigned_to_id or actor.user_id)
    answered = _done(form, answer.accept, row, _("Taken in."))
    told = frozen.content["sections"]["person"]
    return answered or page("referrals/accept.html", form=form, row=row, told=told, same=same, born=in_words.born(told))


@bp.route("/<uuid:referral_id>/reject", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def reject(referral_id: UUID) -> Any:
    """Turns it down, with a reason."""
    row, form = _mine(referral_id), RejectForm()
    if not form.is_submitted():
        form.version.data = row.version
    return _done(form, answer.reject, row, _("The sender reads your reason.")) or page(
        "referrals/reject.html", form=form, row=row
    )


@bp.route("/<uuid:referral_id>/give", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def give(referral_id: UUID) -> Any:
    """The head gives it to somebody of the station."""
    row, form = queries.one(referral_id), GiveForm()
    sides.as_receiver(row, the_actor(), Permission.CASE_ASSIGN)
    form.worker_id.choices = [(str(key), name) for key, name in workers.of(the_actor())]
    if not form.is_submitted():
        form.version.data, form.worker_id.data = row.version, str(row.assigned_to_id or "")
    return _done(form, answer.assign, row, _("Saved.")) or page("referrals/give.html", form=form, row=row)


@bp.post("/<uuid:referral_id>/stand-in")
@requires(Permission.REFERRAL_CONFIRM)
def stand_in(referral_id: UUID) -> Any:
    """Head or supervisor confirms for the only worker of a station."""
    return _button(referral_id, answer.stand_in, _("Confirmed: the worker may take it in."))


@bp.post("/<uuid:referral_id>/begin")
@requires(Permission.REFERRAL_ANSWER)
def begin(referral_id: UUID) -> Any:
    """The service has begun."""
    return _button(referral_id, answer.begin, _("Saved."))


@bp.route("/<uuid:referral_id>/feedback", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def feedback(referral_id: UUID) -> Any:
    """What has become of it so far."""
    return _tell(referral_id, answer.feedback, _("Feedback to the sender"))


@bp.route("/<uuid:referral_id>/complete", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def complete(referral_id: UUID) -> Any:
    """What was asked for is done."""
    return _tell(referral_id, answer.complete, _("Complete the referral"))


def _mine(referral_id: UUID) -> Referral:
    row = queries.one(referral_id)
    sides.as_receiver(row, the_actor())
    return row


def _tell(referral_id: UUID, verb: Any, title: str) -> Any:
    row, form = queries.one(referral_id), TellForm()
    if row.kind == "outside":
        sides.as_sender(row, the_actor())
    else:
        sides.as_receiver(row, the_actor())
    if not form.is_submitted():
        form.version.data, form.happened_on.data = row.version, clock.today().isoformat()
    return _done(form, verb, row, _("Saved.")) or page("referrals/tell.html", form=form, row=row, title=title)


def _button(referral_id: UUID, verb: Any, words: str) -> Any:
    row, form = queries.one(referral_id), NoteForm()
    answered = _done(form, verb, row, words)
    return answered or page("referrals/note.html", form=form, row=row, title=_("Referral"), words="", stop=False)


def _done(form: VersionedForm, verb: Any, row: Referral, words: str) -> Any:
    """Runs the verb of a sent form; back to the referral when it went well."""
    if form.validate_on_submit() and attempt(form, verb, form.command, row, the_actor()):
        flash(words, "ok")
        return redirect(url_for(".show", referral_id=row.id))
    return None
