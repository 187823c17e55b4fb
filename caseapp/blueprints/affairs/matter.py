"""The matter of a case on one page: what is known, dated entries, what comes next."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.domains.affairs import DOMAIN
from caseapp.extensions import db
from caseapp.queries.casework import cases
from caseapp.queries.details.affairs import facts
from caseapp.services.trust import audit


@bp.get("/cases/<uuid:case_id>/matter")
@requires(Permission.CASE_READ)
def matter(case_id: UUID) -> Any:
    """Everything that is kept about the matter of a case."""
    case = cases.opened(case_id, the_actor(), domain=DOMAIN.code)
    found = facts(case)
    if found["part"] is None:
        raise NotFound()
    audit.opened(db.session, case, "case.matter")
    return page("affairs/matter.html", case=case, domain=DOMAIN, part_template=f"affairs/{found['part']}/page.html", **found)
