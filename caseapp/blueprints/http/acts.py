"""What the service domains offer on a person, as links: on the person's page, and wherever else that person is shown."""

from typing import Any

from flask import Flask, url_for

from caseapp import domains
from caseapp.access import policy
from caseapp.blueprints.http.visitor import the_actor
from caseapp.models.casework import Client


def register(app: Flask) -> None:
    """Gives every template `acts_for`."""
    app.jinja_env.globals["acts_for"] = acts_for


def acts_for(client: Client) -> list[tuple[Any, str]]:
    """(act, address) of what the domains offer about this person to this reader."""
    actor = the_actor()
    return [
        (act, url_for(f"{domain.code}.{act.endpoint}", client=client.id))
        for domain in domains.all()
        for act in domain.person_acts
        if act.fits(client) and policy.may(actor, act.permission, client)
    ]
