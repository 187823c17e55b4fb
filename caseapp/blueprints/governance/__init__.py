"""Community governance: the pages of a case with the typed part of this domain, projects, and the station's own papers."""

from caseapp.blueprints.cases import case_blueprint
from caseapp.blueprints.governance import answers, deliveries, meetings, partners, project, requests, surveys
from caseapp.blueprints.governance.shared import item_label
from caseapp.domains.governance import DOMAIN
from caseapp.forms.details.governance import GovernanceForm

bp = case_blueprint(DOMAIN, GovernanceForm)
bp.context_processor(lambda: {"item_label": item_label})
for pages in (requests, answers, surveys, meetings, partners, project, deliveries):
    pages.register(bp)
