"""Two simultaneous editors: the second keeps the text, sees what differs, and chooses place by place.

A form carries short digests of what it was drawn from, so that a place only I changed, a place only the other changed, and
a place both changed can be told apart without keeping old versions (RFC 9110 section 13 says only that somebody lost).
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import Response, make_response, render_template, request
from markupsafe import Markup
from sqlalchemy import select

from caseapp.blueprints.http.filters import moment
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.base import OWN, CommandForm
from caseapp.models.organisation import User

KEEP = "keep-"
LARGEST = 40_000  # characters of the digests a form carries
BUTTONS = ("more", "finish")


def base(fresh: CommandForm) -> Markup:
    """The hidden field with digests of what the form was drawn from: of the row now, or as it was when first drawn."""
    held = request.form["base"][:LARGEST] if request.method == "POST" and request.form.get("base") else _digests(fresh)
    return Markup('<input type="hidden" name="base" value="{}">').format(held)


def _digests(fresh: CommandForm) -> str:
    return json.dumps({name: _digest(field.data) for name, field in _fields(fresh)}, separators=(",", ":"))


def is_stale(form: CommandForm, fresh: CommandForm, row: Any) -> bool:
    """Takes the choices of a conflict page into the form, and says whether somebody saved since it was drawn."""
    resolve(form, fresh)
    version = form["version"].data
    return version is not None and version != row.version


def resolve(form: CommandForm, fresh: CommandForm) -> None:
    """Takes the choices of a conflict page: theirs puts the stored value in, both joins the two texts."""
    stored = dict(_fields(fresh))
    for name, field in _fields(form):
        choice = request.form.get(KEEP + name)
        theirs = stored[name].data if name in stored else None
        if choice == "theirs":
            field.data = theirs
        elif choice == "both" and isinstance(field.data, str):
            field.data = f"{theirs or ''}\n{field.data}".strip()


def page(form: CommandForm, fresh: CommandForm, row: Any, fresh_url: str) -> Response:
    """The page of a stale form, 409: what both changed is to be chosen, what only one changed is kept."""
    held = _base_sent()
    sent, stored = dict(_fields(form)), dict(_fields(fresh))
    items, kept, hidden = [], [], []
    for name in dict.fromkeys([*sent, *stored]):
        field = sent.get(name) or stored[name]
        mine = sent[name].data if name in sent else None
        theirs = stored[name].data if name in stored else None
        if name.endswith("-id"):  # whose row it is: never a choice
            hidden += [(name, value) for value in _values(theirs or mine)]
            continue
        changed_by_me = held.get(name) != _digest(mine)
        changed_by_them = held.get(name) != _digest(theirs)
        if not changed_by_me and changed_by_them:
            mine = theirs  # only the other changed it: theirs stands
        elif _digest(mine) != _digest(theirs):
            words = (_shown(field, mine), _shown(field, theirs))
            if changed_by_them:
                items.append(_item(name, field, *words))
            else:
                kept.append((_label(name, field), words[0] or "—"))
        hidden += [(name, value) for value in _values(mine)]
    who, when = _who_saved(row)
    for item in items:
        item.update(theirs_by=who, theirs_at=when)
    hidden += [("version", row.version), ("op_id", form.op_id.data), ("csrf_token", request.form.get("csrf_token", ""))]
    hidden.append(("base", _digests(fresh)))
    facts = {"items": items, "kept": kept, "hidden_fields": hidden, "saved_by": who, "saved_at": when, "fresh_url": fresh_url}
    return make_response(render_template("errors/conflict.html", form=None, title=None, action=request.path, **facts), 409)


def _fields(form: Any) -> Iterator[tuple[str, Any]]:
    """Every single field with its name, those of rows too ("goals-0-text"); buttons and the frame are left out."""
    for name, field in form._fields.items():
        if name in OWN or name in BUTTONS:
            continue
        if hasattr(field, "entries"):
            for row in field.entries:
                yield from ((inner.name, inner) for inner in row.form._fields.values())
        else:
            yield name, field


def _label(name: str, field: Any) -> str:
    """The label of a field; of one in a row with the row's number."""
    number = next((part for part in name.split("-") if part.isdigit()), None)
    return f"{int(number) + 1}. {field.label.text}" if number is not None else str(field.label.text)


def _values(data: Any) -> list[str]:
    if data in (None, "", False):
        return []
    if isinstance(data, list):
        return [str(value) for value in data]
    return ["y" if data is True else str(data)]


def _digest(data: Any) -> str:
    text = "\n".join(_values(data)).replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _base_sent() -> dict[str, str]:
    try:
        held = json.loads(request.form.get("base", "{}")[:LARGEST])
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _shown(field: Any, data: Any) -> str:
    """The words of a value: of a choice its label."""
    known = {str(choice[0]): str(choice[1]) for choice in getattr(field, "choices", None) or []}
    if data is True or data is False:
        return _("yes") if data else _("no")
    return _(", ").join(known.get(value, value) for value in _values(data))


def _item(name: str, field: Any, mine: str, theirs: str) -> dict[str, Any]:
    joinable = field.type == "TextAreaField"
    return {"name": name, "label": _label(name, field), "mine": mine or "—", "theirs": theirs or "—", "joinable": joinable}


def _who_saved(row: Any) -> tuple[str, str]:
    """The name is known where the row keeps it; the trail knows it in any case."""
    user_id = getattr(row, "updated_by_id", None) or row.created_by_id
    name = db.session.scalar(select(User.name).where(User.id == user_id)) if getattr(row, "updated_by_id", None) else None
    return name or _("Somebody else"), moment(row.updated_at or row.created_at)
