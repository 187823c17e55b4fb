"""The blueprint object of the administration, and where its front door leads."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from caseapp.access.permissions import Permission as P
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.paging import Page

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@requires(P.ACCOUNT_MANAGE, P.GRANT_CONFIRM)
def index() -> Any:
    """To what this role does here."""
    return redirect(url_for(".accounts" if the_actor().may(P.ACCOUNT_MANAGE) else ".confirmations"))


def asked(name: str = "q", most: int = 60) -> str:
    """A short word of the address."""
    return "".join(letter for letter in request.args.get(name, "") if letter.isprintable()).strip()[:most]


def pages_of(found: Page[Any], endpoint: str, **more: Any) -> dict[str, Any]:
    """What the pager asks for."""
    kept = {name: value for name, value in more.items() if value}
    return {
        "items": found.items,
        "count": None,
        "next_url": url_for(endpoint, cursor=found.next, **kept) if found.next else None,
        "first_url": url_for(endpoint, **kept) if request.args.get("cursor") else None,
    }
