"""Disability: card and subsidies, and a look at every kind of need."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import entry_page, opened, row_page
from caseapp.blueprints.http.guard import requires
from caseapp.core import clock
from caseapp.core.masking import mask_number
from caseapp.core.text import _
from caseapp.forms.details.affairs.disability import DisabilityForm, NeedsLookForm
from caseapp.models.details.affairs import DisabilityMatter
from caseapp.queries.details.affairs import facts
from caseapp.queries.details.affairs.file import card
from caseapp.services.details.affairs import disability as service


@bp.route("/cases/<uuid:case_id>/disability", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def disability(case_id: UUID) -> Any:
    """Kinds, grade, card and the two subsidies."""
    case = opened(case_id, matter="disability")
    held = card(case)
    shown = {"card_valid_to": held.valid_to.isoformat() if held is not None and held.valid_to else None}
    return row_page(
        case,
        DisabilityForm,
        DisabilityMatter,
        service.keep_disability,
        _("Card and subsidies"),
        "affairs/disability/fields.html",
        shown=shown,
        held=mask_number(held.number) if held is not None else None,
    )


@bp.route("/cases/<uuid:case_id>/needs", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def needs(case_id: UUID) -> Any:
    """Every kind of need, as the last look left it."""
    case, form = opened(case_id, matter="disability"), NeedsLookForm()
    if not form.is_submitted():
        form.looked_on.data = clock.today().isoformat()
        form.show(facts(case)["last_look"])
    return entry_page(case, form, service.look_at_needs, _("Needs by kind"), "affairs/disability/needs.html")
