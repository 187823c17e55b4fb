"""Vagrants: help and leaving, where they were found, a name at last."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import entry_page, opened, row_page
from caseapp.blueprints.http.guard import requires
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.details.affairs.vagrants import IdentifyForm, PlaceForm, VagrantForm
from caseapp.models.details.affairs import VagrantMatter
from caseapp.queries.details.affairs import rows
from caseapp.services.details.affairs import vagrants as service


@bp.route("/cases/<uuid:case_id>/vagrant", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def vagrant(case_id: UUID) -> Any:
    """Help that is temporary, leaving that is free, the way home."""
    case = opened(case_id, matter="vagrant")
    shown = {"kind": rows.detail(case).kind}
    title, template = _("Help and the way home"), "affairs/vagrant/fields.html"
    return row_page(case, VagrantForm, VagrantMatter, service.keep_vagrant, title, template, shown=shown)


@bp.route("/cases/<uuid:case_id>/places/new", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def new_place(case_id: UUID) -> Any:
    """Where the person was found or seen."""
    case, form = opened(case_id, matter="vagrant"), PlaceForm()
    if not form.is_submitted():
        form.found_on.data = clock.today().isoformat()
    return entry_page(case, form, service.find_at, _("Where the person was found"), "affairs/vagrant/place.html")


@bp.route("/cases/<uuid:case_id>/identify", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def identify(case_id: UUID) -> Any:
    """A name at last, in the same file."""
    case, form = opened(case_id, matter="vagrant"), IdentifyForm()
    if not form.is_submitted():
        form.happened_on.data = clock.today().isoformat()
    return entry_page(case, form, service.identify, _("Identity established"), "affairs/vagrant/identify.html")
