"""Every route of the app, and its address with the ids of rows that are there."""

from typing import Any

from caseapp import domains
from tests import bodies, laid
from tests.laid import Laid

ASKED = {"assistance.family": {"client": "client_id"}}  # pages that are about nobody without a question in their address
ENDS_THE_WALK = ("account.logout", "account.sign_out_everywhere", "api_tokens.end")


def routes(app: Any) -> list[tuple[Any, str]]:
    """Every route and method; what reads comes before what writes, so that each finds its row, and what opens a file last."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if rule.endpoint not in ("static", *ENDS_THE_WALK)
    ]
    return sorted(
        found, key=lambda pair: (pair[0].endpoint.endswith(".purpose"), pair[1] != "GET", pair[0].endpoint, str(pair[0]), pair[1])
    )


def once_each(app: Any) -> list[tuple[Any, str]]:
    """The same without the pages of a case that the factory makes for every domain alike, but for the first domain's.

    Bad input is sent to each domain's own pages, and to the two shared ones whose fields are the domain's own.
    """
    found = routes(app)
    known = {domain.code for domain in domains.all()}
    actions = {code: {rule.endpoint.partition(".")[2] for rule, _method in found if _of(rule) == code} for code in known}
    shared = set.intersection(*actions.values()) - {"new", "edit"}
    assert len(shared) > 15
    return [
        (rule, method)
        for rule, method in found
        if _of(rule) not in known - {laid.FIRST} or rule.endpoint.partition(".")[2] not in shared
    ]


def _of(rule: Any) -> str:
    return str(rule.endpoint.partition(".")[0])


def arguments(rule: Any) -> set[str]:
    """The id arguments of a route."""
    return {name for name, converter in rule._converters.items() if type(converter).__name__ == "UUIDConverter"}


def named(rule: Any) -> set[str]:
    """What a call names, in its address or its body."""
    return arguments(rule) | bodies.ABOUT.get(rule.endpoint, set()) | set(ASKED.get(rule.endpoint, {}).values())


def address(app: Any, rule: Any, mine: Laid, child: Laid | None = None) -> str:
    """The rule with the ids of a place; those after the first may come from another."""
    values: dict[str, Any] = {}
    for name in rule._converters:
        given = child if child is not None and values else mine
        values[name] = (
            given.value(rule.endpoint, name) if name in arguments(rule) else laid.word(rule.endpoint, name, set(rule._converters))
        )
    values |= {name: mine.value(rule.endpoint, argument) for name, argument in ASKED.get(rule.endpoint, {}).items()}
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values, method=None))
