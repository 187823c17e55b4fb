"""Marriage and family: what it is about, a divorce application, violence that comes to light."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import entry_page, opened, row_page
from caseapp.blueprints.http.guard import requires
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.details.affairs.family import FamilyForm
from caseapp.forms.details.affairs.violence import FindViolenceForm
from caseapp.models.details.affairs import FamilyMatter
from caseapp.queries.details.affairs import rows
from caseapp.schemas.details.affairs.family import ORDINARY
from caseapp.services.details.affairs import family as service


@bp.route("/cases/<uuid:case_id>/family", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def family(case_id: UUID) -> Any:
    """What it is about."""
    case = opened(case_id, *ORDINARY)
    shown = {"kind": rows.detail(case).kind}
    title, template = _("Marriage and family"), "affairs/family/fields.html"
    return row_page(case, FamilyForm, FamilyMatter, service.keep_family, title, template, shown=shown)


@bp.route("/cases/<uuid:case_id>/violence-found", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def violence_found(case_id: UUID) -> Any:
    """Violence came to light: what that changes is said before."""
    case, form = opened(case_id, *ORDINARY), FindViolenceForm()
    if not form.is_submitted():
        form.version.data, form.found_on.data = case.version, clock.today().isoformat()
    title, template = _("Violence came to light"), "affairs/family/violence_found.html"
    return entry_page(case, form, service.find_violence, title, template, act=_("Restrict the file"))
