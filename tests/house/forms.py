"""The forms of all pages, found once for the tests that send them."""

from typing import Any

from tests import bad, laid
from tests.bad import MISSING, Form
from tests.content import Copy, digests
from tests.page import Browser
from tests.routes import address, once_each

READERS = (  # who looks at whose pages to find the forms
    (None, "Riverside"),
    ("bo", "Riverside"),
    ("ann", "Riverside"),
    ("ann", "restricted"),
    ("ben", "minor"),
    ("chen", "Riverside"),
    ("tao", "Riverside"),
    ("cora", "Riverside"),
    ("pia", "Riverside"),
    ("pat", "Riverside"),
    ("sam", "Riverside"),
    ("sec", "Riverside"),
    ("dee", "Riverside"),
    ("ned", "Riverside"),
)
CHANGE_THE_READER = ("account.language", "account.login", "account.switch")  # so they come last


class Walk:
    """The forms of all pages on one engine, with somebody at each who may send it."""

    def __init__(self, engine: Any, language: str, readers: Any = READERS, every: int = 1) -> None:
        self.engine, self.language = engine, language
        self.rows = laid.lay(engine)
        self.todo = once_each(engine.app)[::every]
        self.browsers = {name: Browser(engine, name, language) for name, _place in readers}
        found = bad.forms(engine, self.rows, readers, self.browsers, self.todo, address)
        self.forms = {each: found[each] for each in sorted(found, key=lambda each: (each in CHANGE_THE_READER, each))}
        self.csrf = {name: browser.csrf() for name, browser in self.browsers.items()}
        self.copy = Copy(engine) if engine.name == "sqlite" else None
        self.before = digests(engine)
        self.faults: list[str] = []
        self.count = 0

    def send(self, form: Form, values: dict[str, Any]) -> Any:
        """Sends a form, as new."""
        browser = self.browsers[form.name]
        self.count += 1
        data = {name: value for name, value in values.items() if value is not MISSING}
        data |= {"csrf_token": self.csrf[form.name], "op_id": ""}
        return browser.client.post(form.action, data=data, headers=browser.headers)

    def meet_a_stranger(self) -> None:
        """A stranger who has not chosen a language yet."""
        self.browsers[None] = Browser(self.engine, None, self.language)
        self.csrf[None] = self.browsers[None].csrf()

    def settle(self) -> None:
        """Back to the rows as they were laid; on PostgreSQL, where that is dear, on from here."""
        if self.copy is not None:
            self.copy.restore()
            self.before.stand_again()
        else:
            self.before = digests(self.engine)
