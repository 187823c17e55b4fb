"""Helpers of pages: render with the right status, run a service and lay its refusal on the form."""

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, render_template, request

from caseapp.blueprints.http import unfinished
from caseapp.core.errors import Conflict, Invalid
from caseapp.forms.base import CommandForm


def page(template: str, *, form: CommandForm | None = None, status: int | None = None, **facts: Any) -> Response:
    """A rendered page; 422 when its form was submitted and has errors; `?draft=` fills in what was kept of it."""
    if form is not None and "draft" in request.args:
        unfinished.resume(form)
    if status is None:
        status = 422 if form is not None and form.is_submitted() and (form.errors or form.form_errors) else 200
    return make_response(render_template(template, form=form, **facts), status)


def attempt(form: CommandForm, verb: Callable[..., Any], *arguments: Any) -> Any:
    """Runs a service. A refusal that names a field goes to the form and None comes back; others travel on.

    Returns what the service returned, or True when it returned nothing.
    """
    try:
        result = verb(*arguments)
    except Invalid as error:
        if not error.fields:
            raise
        form.lay(error.fields)
    except Conflict as error:
        if error.field is None:
            raise
        form.lay({error.field: [error.message]})
    else:
        return True if result is None else result
    return None


def wants_fragment() -> bool:
    """Whether a script asked for a piece of a page (search as you type)."""
    return request.headers.get("X-Fragment") == "1"
