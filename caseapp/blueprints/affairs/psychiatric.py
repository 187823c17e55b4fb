"""Psychiatric community rehabilitation: guardian and places, steps with their clock, what doctors and the health service say."""

from typing import Any
from uuid import UUID

from flask import request

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import entry_page, opened, row_page
from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.guard import requires
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.details.affairs.psychiatric import FindingForm, PsychiatricForm, RehabStepForm
from caseapp.models.details.affairs import PsychiatricMatter
from caseapp.services.details.affairs import psychiatric as service


@bp.route("/cases/<uuid:case_id>/psychiatric", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def psychiatric(case_id: UUID) -> Any:
    """Way in, guardian, hospital and place."""
    case = opened(case_id, matter="psychiatric")
    title, template = _("Way in and guardian"), "affairs/psychiatric/fields.html"
    return row_page(case, PsychiatricForm, PsychiatricMatter, service.keep_psychiatric, title, template)


@bp.route("/cases/<uuid:case_id>/rehab-steps/new", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def new_rehab_step(case_id: UUID) -> Any:
    """A step was taken; the next term begins by itself."""
    case, form = opened(case_id, matter="psychiatric"), RehabStepForm()
    if not form.is_submitted():
        form.happened_on.data = clock.today().isoformat()
        asked = request.args.get("step")
        form.step.data = asked if reference.codes("affairs_rehab_step").valid(asked) else None
    return entry_page(case, form, service.take_step, _("Step of the rehabilitation"), "affairs/psychiatric/step.html")


@bp.route("/cases/<uuid:case_id>/findings/<kind>/new", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def new_finding(case_id: UUID, kind: str) -> Any:
    """What a doctor or the health service said, as it was said."""
    case = opened(case_id, matter="psychiatric")
    if not reference.codes("affairs_finding").valid(kind):
        raise NotFound()
    form = FindingForm()
    form.offer(kind)
    form.kind.data = kind
    if not form.is_submitted():
        form.found_on.data = clock.today().isoformat()
    title = label("affairs_finding", kind)
    return entry_page(case, form, service.note_finding, title, "affairs/psychiatric/finding.html", kind_of_finding=kind)
