"""The matter of a case on one page: what is known, dated entries, what comes next."""

from typing import Any
from uuid import UUID

from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.domains.affairs import DOMAIN
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.details.affairs import facts, rows
from caseapp.services.trust import audit


@bp.get("/cases/<uuid:case_id>/matter")
@requires(Permission.CASE_READ)
def matter(case_id: UUID) -> Any:
    """Everything that is kept about the matter of a case."""
    case = cases.opened(case_id, the_actor(), domain=DOMAIN.code)
    audit.opened(db.session, case, "case.matter")
    return shown(case)


@bp.post("/cases/<uuid:case_id>/matter/guardian")
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal_guardian(case_id: UUID) -> Any:
    """The guardian's number in clear on the same page; who looked is in the trail."""
    case = cases.opened(case_id, the_actor(), Permission.CLIENT_REVEAL, DOMAIN.code)
    rows.of_matter(case, matter="psychiatric")
    audit.opened(db.session, case, "case.guardian_revealed", fields=("guardian_phone",))
    return shown(case, clear=True)


def shown(case: Case, *, clear: bool = False) -> Any:
    """The page of the matter."""
    found = facts(case)
    if found["part"] is None:
        raise NotFound()
    template = f"affairs/{found['part']}/page.html"
    return page("affairs/matter.html", case=case, domain=DOMAIN, part_template=template, clear=clear, **found)
