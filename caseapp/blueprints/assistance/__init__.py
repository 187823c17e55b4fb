"""Social assistance: the pages of a case with the typed part of this domain, and the pages of its own."""

from caseapp.blueprints.assistance import aid, answers, benefits, family, means, sections
from caseapp.blueprints.cases import case_blueprint
from caseapp.domains.assistance import DOMAIN
from caseapp.forms.details.assistance import AssistanceForm

bp = case_blueprint(DOMAIN, AssistanceForm)
for pages in (means, sections, aid, answers, benefits, family):
    pages.register(bp, DOMAIN)
