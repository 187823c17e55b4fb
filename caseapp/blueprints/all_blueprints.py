"""Every blueprint there is, in one list; each is a folder beside this file."""

from flask import Flask

from caseapp.blueprints import (
    account,
    admin,
    api,
    audit,
    clients,
    elderly,
    households,
    reviews,
    statistics,
    today,
    village_contacts,
    visits,
)

PAGES = (
    account.bp,
    admin.bp,
    audit.bp,
    clients.bp,
    elderly.bp,
    households.bp,
    reviews.bp,
    statistics.bp,
    today.bp,
    village_contacts.bp,
    visits.bp,
)


def register(app: Flask) -> None:
    """Registers pages, the domains' pages and the API."""
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    api.register(app)
