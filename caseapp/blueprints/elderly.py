"""Elderly services: the pages of a case, with the typed part of this domain."""

from caseapp.blueprints.cases import case_blueprint
from caseapp.domains.elderly import DOMAIN
from caseapp.forms.details.elderly import ElderlyForm

bp = case_blueprint(DOMAIN, ElderlyForm)
