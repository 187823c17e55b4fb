"""A fresh proof of who acts, asked for before a risky act, and on to the act."""

from typing import Any

from flask import redirect, request, url_for

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.account.sign_in import address, own_address
from caseapp.blueprints.http import proof
from caseapp.blueprints.http.guard import signed_in
from caseapp.blueprints.http.pages import attempt
from caseapp.blueprints.http.visitor import the_actor
from caseapp.forms.organisation.sign_in import ProofForm
from caseapp.services.organisation.sign_in import fresh


@bp.route("/account/prove", methods=["GET", "POST"])
@signed_in(reading=True)
def prove() -> Any:
    """Takes the proof and leads back: to a page, or with all its fields to the act that was sent (307 keeps method and body)."""
    form, to = ProofForm(), own_address(request.args.get("next")) or url_for("today.index")
    again = request.method == "POST" and "act_again" in request.form and to != request.full_path.rstrip("?")
    give = lambda command: fresh.give(the_actor(), command.proof, address=address())  # noqa: E731
    if form.validate_on_submit() and attempt(form, give, form.command):
        return redirect(to, 307 if again else 303)
    return proof.page(form, to, again=again, status=422 if request.method == "POST" else 200)
