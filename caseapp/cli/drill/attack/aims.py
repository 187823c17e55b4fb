"""One request after the other, by chance but seeded: every route, every method, anybody's ids, bad values, bent headers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask

from caseapp.cli.drill.attack import values

API = "/api/"
# what ends the attacker's own session by design, and would be the commonest answer after a while
SPARED = frozenset({"static", "account.logout", "account.sign_out_everywhere", "api_tokens.end"})
TABLES = {  # arguments whose name is not that of their table
    "user_id": "user", "station_id": "organisation", "organisation_id": "organisation", "grant_id": "grant", "file_id": "client",
    "person_id": "client", "entry_id": "audit_entry", "member_id": "household_member", "document_id": "identity_document",
}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What is sent, and how it was thought up, for whoever looks into a finding."""

    kind: str
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, Any] | None = None
    json: Any = None
    body: bytes | None = None


class Aims:
    """The routes of an app and the ids that may stand in them."""

    def __init__(self, app: Flask, ids: dict[str, list[UUID]], dice: random.Random) -> None:
        self.dice, self.ids = dice, ids
        self.every = [one for some in ids.values() for one in some]
        self.rules = [
            (rule, method)
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in SPARED
            for method in sorted(rule.methods or ())
            if method not in ("HEAD", "OPTIONS")
        ]
        self.rules.sort(key=lambda pair: (str(pair[0]), pair[1]))
        with app.test_request_context():
            self.fields = sorted(_fields(app)) + list(values.NEVER_FIELDS)

    def stream(self) -> Iterator[Request]:
        """Without end: every route once with an id of its own kind, in an order by chance, then again with other values."""
        while True:
            order = list(self.rules)
            self.dice.shuffle(order)
            for rule, method in order:
                yield self.one(rule, method)

    def one(self, rule: Any, method: str) -> Request:
        """A request to a route."""
        dice, path = self.dice, self._path(rule)
        kind = dice.choices(("plain", "values", "method", "headers", "mass", "size"), (40, 28, 8, 12, 10, 2))[0]
        if kind == "method":
            return Request(kind, dice.choice(values.METHODS), path, form=self._form() if dice.random() < 0.5 else None)
        headers = dict(dice.sample(values.HEADERS, dice.randrange(1, 3))) if kind == "headers" else {}
        query = self._some() if kind in ("values", "mass") and dice.random() < 0.6 else {}
        if kind == "size":
            return Request(kind, method, path, headers={"Content-Type": "application/x-www-form-urlencoded"}, body=self._big())
        if method == "GET":
            return Request(kind, method, path, query=query, headers=headers)
        if rule.rule.startswith(API):
            if kind == "values" and dice.random() < 0.1:
                return Request(
                    kind,
                    method,
                    path,
                    headers={**headers, "Content-Type": "application/json"},
                    body=b'{"a":' * dice.randrange(1, 900),
                )
            return Request(kind, method, path, query=query, headers=headers, json=self._json(kind))
        return Request(kind, method, path, query=query, headers=headers, form=self._form())

    def _path(self, rule: Any) -> str:
        given: dict[str, Any] = {}
        for name, converter in rule._converters.items():
            own = self.ids.get(TABLES.get(name, name.removesuffix("_id")), [])
            if type(converter).__name__ == "UUIDConverter":
                given[name] = self.dice.choice(own) if own and self.dice.random() < 0.8 else self.dice.choice(self.every)
            elif type(converter).__name__ == "IntegerConverter":
                given[name] = self.dice.choice((0, 1, 2, 2**31, 2**63))
            else:
                given[name] = self.dice.choice(values.VALUES).replace("/", "") or "x"
        built = rule.build(given)
        return str(built[1]) if built else "/"

    def _some(self) -> dict[str, str]:
        return {
            self.dice.choice(self.fields): str(values.value(self.dice, self.every))[:2000]
            for _field in range(self.dice.randrange(1, 5))
        }

    def _form(self) -> dict[str, Any]:
        chosen = self.dice.sample(self.fields, min(len(self.fields), self.dice.randrange(1, 14)))
        return {name: values.value(self.dice, self.every) for name in chosen}

    def _json(self, kind: str) -> Any:
        if kind == "mass" or self.dice.random() < 0.85:
            chosen = self.dice.sample(self.fields, self.dice.randrange(1, 10))
            return {name: values.nested(self.dice, self.every) for name in chosen}
        return values.nested(self.dice, self.every)

    def _big(self) -> bytes:
        size = self.dice.choice((2**21 + 1, 2**20, 3_000))
        return self.dice.choice(
            (b"a=" + b"x" * size, b"&".join(b"a%d=1" % number for number in range(size // 60)), b"\x00" * size)
        )


def _fields(_app: Flask) -> set[str]:
    """Every name that a form or a schema of the product knows."""
    import marshmallow
    from marshmallow import class_registry

    found: set[str] = set()
    for classes in class_registry._registry.values():
        for schema in classes if isinstance(classes, list) else [classes]:
            if isinstance(schema, type) and issubclass(schema, marshmallow.Schema):
                found |= set(schema._declared_fields)
    return found
