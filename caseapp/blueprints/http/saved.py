"""Filters kept by name, as a list offers them: each a link, and a way to keep what is chosen now."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import request, url_for
from marshmallow import ValidationError

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.trust import filters
from caseapp.schemas.trust.filters import chosen_in

ENDPOINTS = {
    "clients": "clients.index",
    "cases": "caseload.index",
    "visits": "visits.index",
    "figures": "statistics.compare",
    "desk": "statistics.index",
    "table": "statistics.table",
}
USUAL = {"show": "soon", "order": "name", "state": "on_file"}  # what a list shows unless somebody chooses: no filter


@dataclass(frozen=True)
class Kept:
    """One of the reader's filters."""

    id: UUID
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Offer:
    """What stands beside the filters of a list; `save_url` where something is chosen that is not kept yet, `export_url`
    for whoever may take the list out as a file."""

    rows: list[Kept]
    save_url: str | None
    export_url: str | None


def offered(listing: str, domain: str | None = None, **named: str) -> Offer:
    """The reader's filters of a list: one statement. `named`: what the path of the address chooses."""
    given = {name: value for name, value in request.args.items() if value != USUAL.get(name)} | named
    try:
        chosen = chosen_in(listing, given)
    except ValidationError:  # the list has said so already
        chosen = {}
    rows = [
        Kept(row.id, row.name, address(listing, row.domain, row.chosen), row.chosen == chosen)
        for row in filters.of_list(the_actor(), listing, domain)
    ]
    fresh = bool(chosen) and not any(row.current for row in rows)
    url = url_for("filters.new", listing=listing, domain=domain, query=urlencode(chosen)) if fresh else None
    export = None
    if the_actor().may(Permission.LIST_EXPORT):
        shown = {name: value for name, value in request.args.items() if name not in ("cursor", "draft") and value}
        export = url_for("exports.new", listing=listing, domain=domain, query=urlencode(shown) or None)
    return Offer(rows, url, export)


def address(listing: str, domain: str | None, chosen: dict[str, Any]) -> str:
    """A list with filters: codes and ids, never words."""
    if listing == "table" and "table" not in chosen:
        return url_for("statistics.tables")
    return url_for(f"{domain}.index" if domain else ENDPOINTS[listing], **chosen)
