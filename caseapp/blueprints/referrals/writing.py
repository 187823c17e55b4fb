"""The sender's forms: changing a draft, sending, reminding, taking back, the receipt, letting the case go."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.referrals.blueprint import bp
from caseapp.blueprints.referrals.show import shown
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.casework.referral import LetGoForm, NoteForm, ReceiptForm, SendForm, WriteReferralForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.casework import referrals as queries
from caseapp.queries.casework.referrals import receivers
from caseapp.services.casework.referrals import let_go as letting
from caseapp.services.casework.referrals import outside, sides, write


def offered(form: WriteReferralForm, case: Case) -> Any:
    """Fills the form with the receivers there are: stations of one county, chosen by `?county=`; that county comes back."""
    asked = request.args.get("county", "")
    county = next((row for row in receivers.counties() if str(row.id) == asked), None) or receivers.county_of(the_actor())
    stations = receivers.stations(county.path, the_actor()) if county is not None else []
    every = [domain.code for domain in domains.all()]
    kinds = ["station", "outside", *(["domain"] if len(every) > 1 else [])]
    form.offer(kinds, every, stations, receivers.bodies())
    return county


def shown_county(county: Any) -> dict[str, Any]:
    """What the form's page needs to offer another county."""
    return {"county": county, "counties": [(str(row.id), row.short_name) for row in receivers.counties()]}


@bp.route("/<uuid:referral_id>/edit", methods=["GET", "POST"])
@requires(Permission.REFERRAL_WRITE)
def edit(referral_id: UUID) -> Any:
    """Another content of a draft."""
    row, form = queries.one(referral_id), WriteReferralForm()
    wish = sides.as_sender(row, the_actor())
    case = cases.one(wish.case_id)
    sides.stands(row, "draft", version=row.version)
    county = offered(form, case)
    if not form.is_submitted():
        form.show(row, wish)
        chosen = receivers.station(row.to_station_id) if row.kind == "station" else None
        if chosen is not None and str(chosen.id) not in dict(form.to_station_id.choices):
            form.to_station_id.choices.append((str(chosen.id), chosen.short_name))
    elif form.validate() and attempt(form, write.change, form.command, row, the_actor()):
        return redirect(url_for(".show", referral_id=row.id))
    return page("referrals/write.html", form=form, case=case, row=row, **shown_county(county))


@bp.post("/<uuid:referral_id>/send")
@requires(Permission.REFERRAL_WRITE)
def send(referral_id: UUID) -> Any:
    """Hands over what was shown."""
    return _sent(referral_id, write.send, _("Sent."))


@bp.post("/<uuid:referral_id>/confirm")
@requires(Permission.CASE_ASSIGN)
def confirm(referral_id: UUID) -> Any:
    """The head lets a restricted packet leave."""
    return _sent(referral_id, write.confirm, _("Confirmed. The packet may be sent as it stands."))


def _sent(referral_id: UUID, verb: Any, words: str) -> Any:
    row, form = queries.one(referral_id), SendForm()
    if form.validate_on_submit() and attempt(form, verb, form.command, row, the_actor()):
        flash(words, "ok")
        return redirect(url_for(".show", referral_id=row.id))
    return shown(row, form)


@bp.route("/<uuid:referral_id>/revoke", methods=["GET", "POST"])
@requires(Permission.REFERRAL_WRITE)
def revoke(referral_id: UUID) -> Any:
    """Takes it back."""
    words = _("From now on the receiver no longer reads the packet. What the receiver has made its own stays.")
    return _note(referral_id, write.revoke, _("Take back the referral"), words, stop=True)


@bp.route("/<uuid:referral_id>/chase", methods=["GET", "POST"])
@requires(Permission.REFERRAL_WRITE)
def chase(referral_id: UUID) -> Any:
    """Reminds the receiver."""
    words = _("Write down how the receiver was reminded: by telephone, or with this note alone.")
    return _note(referral_id, write.chase, _("Remind the receiver"), words)


def _note(referral_id: UUID, verb: Any, title: str, words: str, *, stop: bool = False) -> Any:
    row, form = queries.one(referral_id), NoteForm()
    sides.as_sender(row, the_actor())
    if not form.is_submitted():
        form.version.data = row.version
    elif form.validate() and attempt(form, verb, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", referral_id=row.id))
    return page("referrals/note.html", form=form, row=row, title=title, words=words, stop=stop)


@bp.route("/<uuid:referral_id>/receipt", methods=["GET", "POST"])
@requires(Permission.REFERRAL_WRITE)
def receipt(referral_id: UUID) -> Any:
    """What an outside body answered."""
    row, form = queries.one(referral_id), ReceiptForm()
    sides.as_sender(row, the_actor())
    form.offer()
    if not form.is_submitted():
        form.version.data, form.happened_on.data = row.version, clock.today().isoformat()
    elif form.validate() and attempt(form, outside.receipt, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", referral_id=row.id))
    return page("referrals/receipt.html", form=form, row=row)


@bp.route("/<uuid:referral_id>/let-go", methods=["GET", "POST"])
@requires(Permission.CASE_CLOSE)
def let_go(referral_id: UUID) -> Any:
    """The case goes with what was taken in."""
    row, form = queries.one(referral_id), LetGoForm()
    wish = sides.as_sender(row, the_actor(), Permission.CASE_CLOSE)
    if not form.is_submitted():
        form.version.data, form.end_stay.data = row.version, wish.moves
    elif form.validate() and attempt(form, letting.let_go, form.command, row, the_actor()):
        flash(_("The case has gone with the referral."), "ok")
        return redirect(url_for(".show", referral_id=row.id))
    return page("referrals/let_go.html", form=form, row=row, case=cases.one(wish.case_id))
