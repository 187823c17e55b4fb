"""Asking for a fresh proof of who acts: a page on the way to the very act, which carries what was typed."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from caseapp.blueprints.http.visitor import the_actor
from caseapp.forms.organisation.sign_in import ProofForm
from caseapp.services.organisation.sign_in import fresh

LEFT_OUT = ("csrf_token", "op_id", "proof", "act_again")


def asked() -> Response:
    """The answer to a request that needs a proof: a reading one is led to the page, a sent form is kept on it (401)."""
    here = request.full_path.rstrip("?")
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("account.prove", next=here))  # type: ignore[return-value]  # a werkzeug response is one of ours
    form = ProofForm(formdata=None)
    form.op_id.data = request.form.get("op_id") or form.op_id.data  # the act's own: a double click stays one
    return page(form, here, again=True, status=401)


def page(form: ProofForm, to: str, *, again: bool, status: int) -> Response:
    """The page; `again` carries the fields of the present request, to be sent to `to` once the proof is there."""
    kept: list[tuple[str, Any]] = []
    if again:
        kept = [(name, value) for name, value in request.form.items(multi=True) if name not in LEFT_OUT]
    facts = {"to": to, "again": again, "kept": kept, "lost_files": bool(request.files) and again}
    return make_response(
        render_template("account/prove.html", form=form, wants_code=fresh.wants_code(the_actor()), **facts), status
    )
