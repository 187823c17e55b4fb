"""The words of the trail: what an entry tells and where it came from, in the reader's language."""

from typing import Any

from caseapp import domains, reference
from caseapp.blueprints.http.filters import label, tag
from caseapp.core.text import _


def what(entry: Any) -> str:
    """The words of an event; a read without a name of its own is told by the pages it happened on."""
    event = str(entry.event)
    if "." in event and event == entry.endpoint:
        return where(entry)
    known = reference.codes("trail_event").get(event)
    as_read = known.fact("read", tag()) if known and entry.kind == "read" else None  # reading and doing may share a name
    return as_read or label("trail_event", event)


def where(entry: Any) -> str:
    """Page, call or command, and which."""
    way = {"page": _("page"), "api": _("call"), "command": _("command"), "job": _("job")}.get(entry.channel, entry.channel)
    if entry.channel == "command" or not entry.endpoint:
        return way
    part = str(entry.endpoint).partition(".")[0]
    domain = next((domain for domain in domains.all() if domain.code == part), None)
    return str(domain.label) if domain else label("trail_page", part)


def act(op: str) -> str:
    """What happened to a row."""
    return {"insert": _("added"), "update": _("changed"), "delete": _("removed")}.get(op, op)
