"""Reads the posting forms of a page as a browser would fill them in, with the standard library alone."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form: what would be sent of it as it stands, and the first field that takes words."""

    in_main: bool
    fields: dict[str, list[str]] = field(default_factory=dict)
    words: str | None = None

    def add(self, name: str, value: str) -> None:
        """One more value of a field."""
        self.fields.setdefault(name, []).append(value)


def token(page: str) -> str:
    """The token that the page's forms carry; empty where it has none."""
    return next((form.fields["csrf_token"][0] for form in _read(page) if "csrf_token" in form.fields), "")


def own(page: str) -> Form:
    """The first form of the page's main part. Raises LookupError for a page without one."""
    for form in _read(page):
        if form.in_main:
            return form
    raise LookupError("the page has no form")


def _read(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    """Gathers forms while it is fed; HTML has no forms inside forms."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._main = False
        self._text: tuple[str, list[str]] | None = None  # the text area being read
        self._choices: tuple[str, list[tuple[str, bool]]] | None = None  # the select being read: values and what is chosen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes where we are, and fields on the way."""
        known = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        elif tag == "form" and known.get("method", "").lower() == "post":
            self._open = Form(self._main)
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input":
            self._input(self._open, known)
        elif tag == "textarea" and known.get("name"):
            self._text = (known["name"], [])
        elif tag == "select" and known.get("name"):
            self._choices = (known["name"], [])
        elif tag == "option" and self._choices:
            self._choices[1].append((known.get("value", ""), "selected" in known))

    def handle_endtag(self, tag: str) -> None:
        """Closes what was open."""
        if tag == "main":
            self._main = False
        elif tag == "form":
            self._open = None
        elif tag == "textarea" and self._text and self._open:
            self._open.add(self._text[0], "".join(self._text[1]))
            self._text = None
        elif tag == "select" and self._choices and self._open:
            name, options = self._choices
            chosen = [value for value, is_chosen in options if is_chosen] or [value for value, _chosen in options[:1]]
            self._open.add(name, chosen[0] if chosen else "")
            self._choices = None

    def handle_data(self, data: str) -> None:
        """The words of a text area."""
        if self._text:
            self._text[1].append(data)

    @staticmethod
    def _input(form: Form, known: dict[str, str]) -> None:
        kind, name = known.get("type", "text"), known.get("name")
        if not name or kind in ("submit", "button"):
            return
        if kind in ("text", "search") and form.words is None:
            form.words = name
        if kind in ("radio", "checkbox"):
            if "checked" in known:
                form.add(name, known.get("value", "on"))
            return
        form.add(name, known.get("value", ""))
