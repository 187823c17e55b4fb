"""Every blueprint there is, in one list; each is a folder beside this file. Those of the service domains follow the registry."""

from importlib import import_module

from flask import Blueprint, Flask

from caseapp import domains
from caseapp.blueprints import (
    account,
    admin,
    api,
    audit,
    caseload,
    clients,
    duplicates,
    exports,
    filters,
    handovers,
    households,
    oversight,
    referrals,
    reviews,
    statistics,
    team,
    today,
    village_contacts,
    visits,
)

PAGES = (
    account.bp,
    admin.bp,
    audit.bp,
    caseload.bp,
    clients.bp,
    duplicates.bp,
    exports.bp,
    filters.bp,
    handovers.bp,
    households.bp,
    oversight.bp,
    referrals.bp,
    reviews.bp,
    statistics.bp,
    team.bp,
    today.bp,
    village_contacts.bp,
    visits.bp,
)


def register(app: Flask) -> None:
    """Registers pages, the domains' pages and the API."""
    for blueprint in (*PAGES, *domain_pages()):
        app.register_blueprint(blueprint)
    api.register(app)


def domain_pages() -> list[Blueprint]:
    """The blueprint of each registered domain, from the module named after its code."""
    return [import_module(f"caseapp.blueprints.{domain.code}").bp for domain in domains.all()]
