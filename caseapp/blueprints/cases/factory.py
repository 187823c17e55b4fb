"""One blueprint for each service domain, from its descriptor and the form of its typed part; the pages are the same."""

from flask import Blueprint

from caseapp.blueprints.cases import (
    assessments,
    closing,
    details,
    file,
    lists,
    opening,
    paper,
    plans,
    referrals,
    restricted,
    results,
    reviews,
    steps,
)
from caseapp.domains.base import Domain
from caseapp.forms.details.base import DetailForm

PAGES = (lists, opening, file, paper, details, steps, restricted, closing, assessments, results, plans, referrals, reviews)


def case_blueprint(domain: Domain, detail_form: type[DetailForm]) -> Blueprint:
    """The pages `/<domain>/cases…` of contract.md section 3; the domain's own are hung on the blueprint that comes back."""
    bp = Blueprint(domain.code, __name__, url_prefix=f"/{domain.code}")
    for pages in PAGES:
        if pages in (details, file, opening, paper):
            pages.register(bp, domain, detail_form)
        else:
            pages.register(bp, domain)
    bp.context_processor(
        lambda: {"own_tabs": lambda case: file.acts(case, domain, domain.tabs), "instruments_here": domain.offered}
    )
    return bp
