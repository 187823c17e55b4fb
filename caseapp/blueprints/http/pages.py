"""Helpers of pages: render with the right status, run a service and lay its refusal on the form."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request

from caseapp.blueprints.http import unfinished
from caseapp.core.errors import Conflict, Invalid
from caseapp.forms.base import CommandForm


def page(template: str, *, form: CommandForm | None = None, status: int | None = None, **facts: Any) -> Response:
    """A rendered page; 422 when its form was submitted and has errors; `?draft=` fills in what was kept of it."""
    if form is not None and "draft" in request.args:
        unfinished.resume(form)
    if status is None and form is not None and form.is_submitted() and (form.errors or form.form_errors):
        status = g.pop("refused_as", 422)
    status = status or 200
    return make_response(render_template(template, form=form, **facts), status)


def attempt(form: CommandForm, verb: Callable[..., Any], *arguments: Any) -> Any:
    """Runs a service. A refusal goes to the form, at its field if it names one, and None comes back: nothing typed is lost.

    A form drawn from an older state says so (409) and may be sent again once it was looked at; pages with much text show
    place by place what differs instead (`conflicts.py`). Returns what the service returned, or True.
    """
    try:
        result = verb(*arguments)
    except Invalid as error:
        if not error.fields:
            raise
        form.lay(error.fields)
    except Conflict as error:
        if error.field is not None:
            form.lay({error.field: [error.message]})
        else:
            form.form_errors.append(str(error.message))
        if "version" in form and "version" in error.facts:
            form["version"].data = error.facts["version"]
        g.refused_as = error.status
    else:
        return True if result is None else result
    return None


def settled(form: CommandForm, verb: Callable[[Any], Any], said: str, to: str) -> Any:
    """One form, one act, one sentence: the way to the page of what has become of it, or None where the form comes back."""
    if not (form.validate_on_submit() and attempt(form, verb, form.command)):
        return None
    flash(said, "ok")
    return redirect(to, 303)


def wants_fragment() -> bool:
    """Whether a script asked for a piece of a page (search as you type)."""
    return request.headers.get("X-Fragment") == "1"
