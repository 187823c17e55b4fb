"""Child welfare: the pages of a case with the typed part of this domain, mandatory reports, care and safety."""

from caseapp.blueprints.cases import case_blueprint
from caseapp.blueprints.children import care, delegations, filing, ledger, report, told
from caseapp.domains.children import DOMAIN
from caseapp.forms.details.children import ChildrenForm

bp = case_blueprint(DOMAIN, ChildrenForm)
for pages in (filing, ledger, report, told, care, delegations):
    pages.register(bp)
