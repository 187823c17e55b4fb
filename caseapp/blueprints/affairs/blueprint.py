"""The blueprint of social affairs, with the pages that every domain has."""

from caseapp.blueprints.cases import case_blueprint
from caseapp.domains.affairs import DOMAIN
from caseapp.forms.details.affairs import AffairsForm

bp = case_blueprint(DOMAIN, AffairsForm)
