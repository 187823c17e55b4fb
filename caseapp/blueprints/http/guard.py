"""The door: every view says who may enter, on the line above it; one that says nothing is refused at run time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, g, request

from caseapp.access import fresh as step_up
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.visitor import current_actor
from caseapp.core.errors import Forbidden, NotFound, NotSignedIn, PasswordOver

BEFORE_A_NEW_PASSWORD = ("account.password", "account.logout", "account.sign_out_everywhere")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may enter: anybody, anybody signed in, or whose role holds one of the permissions.

    `reading` marks a POST whose own transaction never takes the write lock: a search, or a sign-in, which counts and
    writes in short transactions of its own. `fresh` asks for a fresh proof of who acts first, within the limit it names (`access/fresh.py`).
    """

    public: bool = False
    permissions: tuple[Permission, ...] = ()
    reading: bool = False
    fresh: str | None = None


def requires(*permissions: Permission, reading: bool = False, fresh: str | None = None) -> Callable[[View], View]:
    """Stamps a view: signed in, with one of these permissions."""
    return _stamp(Access(permissions=permissions, reading=reading, fresh=fresh))


def signed_in(view: View | None = None, *, reading: bool = False, fresh: str | None = None) -> Any:
    """Stamps a view: anybody signed in, with or without a grant."""
    stamp = _stamp(Access(reading=reading, fresh=fresh))
    return stamp(view) if view else stamp


def public(view: View | None = None, *, reading: bool = False) -> Any:
    """Stamps a view: anybody."""
    stamp = _stamp(Access(public=True, reading=reading))
    return stamp(view) if view else stamp


def _stamp(access: Access) -> Callable[[View], View]:
    def stamp(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # the stamp itself
        return view

    return stamp


def access_of(endpoint: str | None) -> Access | None:
    """The stamp of an endpoint; Flask's own static files are public."""
    if endpoint == "static":
        return Access(public=True)
    view = current_app.view_functions.get(endpoint or "")
    found: Access | None = getattr(view, "access", None)
    return found


def check_door() -> None:
    """Refuses the request unless its view is stamped and the visitor may enter."""
    if request.routing_exception is not None or request.endpoint is None:
        return  # not one of ours: the error handlers answer
    access = access_of(request.endpoint)
    if access is None:
        raise NotFound()
    g.access = access
    if access.public:
        return
    actor = current_actor()
    if actor is None:
        raise NotSignedIn()
    if actor.must_change and request.endpoint not in BEFORE_A_NEW_PASSWORD:
        raise PasswordOver()
    if access.permissions and not any(actor.may(permission) for permission in access.permissions):
        raise Forbidden()
    if access.fresh:
        step_up.require(actor, access.fresh)
