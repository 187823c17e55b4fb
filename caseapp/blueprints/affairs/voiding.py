"""A dated entry of a matter no longer counts, with the reason."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import entry_page, opened
from caseapp.blueprints.http.guard import requires
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.details.affairs.base import VoidForm
from caseapp.models.details import affairs as m
from caseapp.queries.details.affairs import rows
from caseapp.services.details.affairs import disability, psychiatric, violence
from caseapp.services.details.affairs.rows import void

KINDS: dict[str, tuple[Any, Any]] = {  # word in the address → table, verb
    "path": (m.ViolencePath, void),
    "report": (m.PoliceReport, violence.void_report),
    "look": (m.NeedsLook, disability.void_look),
    "step": (m.PsychiatricStep, psychiatric.void_step),
    "finding": (m.PsychiatricFinding, void),
    "place": (m.VagrantPlace, void),
}


@bp.route("/cases/<uuid:case_id>/entries/<kind>/<uuid:entry_id>/void", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def void_entry(case_id: UUID, kind: str, entry_id: UUID) -> Any:
    """Says why an entry does not count; it stays to be read."""
    case = opened(case_id)
    if kind not in KINDS:
        raise NotFound()
    model, verb = KINDS[kind]
    row = rows.entry(model, entry_id, case)

    def without(command: Any, owner: Any, actor: Any) -> None:
        verb(command, row, owner, actor)

    return entry_page(case, VoidForm(), without, _("Does not count"), "affairs/void.html", act=_("Does not count"))
