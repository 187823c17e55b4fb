"""Every blueprint there is, in one list; each is a folder beside this file."""

from flask import Flask

from caseapp.blueprints import account, api, audit, today, visits

PAGES = (account.bp, audit.bp, today.bp, visits.bp)


def register(app: Flask) -> None:
    """Registers pages, the domains' pages and the API."""
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    api.register(app)
