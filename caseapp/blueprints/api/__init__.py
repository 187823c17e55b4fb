"""The API, version 1: JSON only, bearer tokens only. Each module here is one noun with a blueprint `bp`.

A noun reads like this (the door stamp stands directly above the function; all other decorators keep it):

    bp = api_blueprint("clients", __name__)

    @bp.get("/clients")
    @bp.arguments(ClientFilter, location="query")      # a ListQuery with more fields
    @bp.response(200, page_of(ClientOut))
    @requires(Permission.CLIENT_READ)
    def index(filters): return queries.clients.page(filters, …)      # a core Page

    @bp.post("/clients")
    @bp.arguments(RegisterSchema)
    @bp.response(201, ClientOut)
    @requires(Permission.CLIENT_WRITE)
    def new(command):
        client = register(command, the_actor())
        return created(client, "api_clients.show", client_id=client.id)

A schema with a `version` field takes it from the body or `If-Match` and answers 428 where both are missing.
"""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask

from caseapp.blueprints.api.base import (
    API,
    ApiBlueprint,
    ListQuery,
    NoBody,
    api_blueprint,
    created,
    page_answer,
    page_of,
    shown,
)
from caseapp.extensions import csrf

__all__ = ["ApiBlueprint", "ListQuery", "NoBody", "api_blueprint", "created", "page_answer", "page_of", "shown"]


def register(app: Flask) -> None:
    """Registers every noun of this folder and the description of them all."""
    api = API(app)
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        bp = getattr(import_module(f"{__name__}.{module.name}"), "bp", None)
        if bp is None:
            continue
        csrf.exempt(bp)
        if isinstance(bp, ApiBlueprint):
            api.register_blueprint(bp)
        else:
            app.register_blueprint(bp)
    app.extensions["caseapp-api"] = api
