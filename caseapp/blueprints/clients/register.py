"""Registering a person on one page."""

from typing import Any

from flask import flash, redirect, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import age_of
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, identity_numbers
from caseapp.core.identity_numbers import BadIdentityNumber
from caseapp.core.text import _
from caseapp.forms.casework.client.person import RegisterForm
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.organisation import places, villages, workers
from caseapp.services.casework.clients.register import register


@bp.route("/clients/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new() -> Any:
    """A new person on file; a number that is on file already leads to that file."""
    actor = the_actor()
    form = RegisterForm()
    if not form.is_submitted():
        form.from_on.data = clock.today().isoformat()
        form.worker_id.data, form.organisation_id.data = str(actor.user_id), str(actor.organisation_id)
    form.offer_all(
        villages.choices(actor),
        [(str(key), name) for key, name in workers.of(actor)],
        [(str(row.id), row.short_name) for row in places.register_places(actor)],
    )
    known = None
    if form.validate_on_submit():
        client = attempt(form, register, form.command, actor)
        if client is not None:
            for warning in _warnings(form, client):
                flash(warning, "careful")
            flash(_("On file under %(number)s. Next: consent.", number=client.file_no), "ok")
            return redirect(url_for(".show", client_id=client.id))
        if form.document_number.errors:
            known = _same_number(form)
    return page("clients/new.html", form=form, known=known)


def _checked(form: RegisterForm) -> Any:
    try:
        return identity_numbers.check(form.document_kind.data or "111", form.document_number.data or "")
    except (BadIdentityNumber, KeyError):
        return None


def _warnings(form: RegisterForm, client: Any) -> list[str]:
    """What is odd and blocks nothing: an old division in the number, a target group that does not fit the age."""
    found = [str(words) for words in reference.document_warning_words(form.document_kind.data, form.document_number.data)]
    known, age = reference.target_groups(), age_of(client)
    misfits = [known[code].label(tag()) for code in form.tags.data or [] if code in known and not known[code].fits_age(age)]
    if misfits:
        found.append(_("The person's age does not fit: %(groups)s. Please check.", groups=_(", ").join(misfits)))
    return found


def _same_number(form: RegisterForm) -> Any:
    found = _checked(form)
    return duplicates.with_number(found.kind, found.normalised, the_actor()) if found else None
