"""What the pages of the station's papers share: villages of the station, choices of cases, who printed a sheet."""

from typing import Any

from flask import flash, redirect

from caseapp import reference
from caseapp.blueprints.http.filters import moment, tag
from caseapp.blueprints.http.pages import attempt
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _, opening
from caseapp.models.casework import Case
from caseapp.queries.organisation import villages

CODE = "governance"


def places(before: str | None = None) -> list[tuple[str, str]]:
    """The villages of the reader's stations; one that a paper names already stays among them."""
    found = villages.choices(the_actor())
    if before and before not in dict(found):
        found.append((before, villages.names([before]).get(before, before)))
    return found


def titles(cases: list[Case]) -> list[tuple[str, str]]:
    """Community cases for a select."""
    return [(str(case.id), f"{case.community_name} {case.case_no}") for case in cases]


def done(form: Any, verb: Any, row: Any, url: str) -> Any:
    """Carries a verb out on a row; the way back when it went well, else None and the words stand on the form."""
    if form.validate_on_submit() and attempt(form, verb, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url)
    return None


def trace() -> str:
    """Who printed a sheet, and when."""
    return _("Printed by %(name)s, %(when)s", name=the_actor().user_name, when=moment(clock.now()))


def item_label(code: str) -> str:
    """The name of a service of the catalogue."""
    return str(opening(reference.catalogue().label(code, tag())))
