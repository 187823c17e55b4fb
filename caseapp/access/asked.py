"""Acts that need two people, as data: who may ask for one, who else may agree to it, for how many days a wish holds.

The machinery is `services/trust/asked.py`; the pages are one for all of them. Nobody agrees to an own wish or to what is about
the own account. A new kind is a line here, a word in the catalogue, and where agreeing carries it out (`at_once`) a function
`@asked.carries_out(code)` in the service that it belongs to; else the asker uses what was agreed (`asked.use`).
"""

from dataclasses import dataclass
from typing import Any

from caseapp.access.permissions import Permission as P
from caseapp.core.actor import Actor
from caseapp.core.text import _l


@dataclass(frozen=True)
class Asked:
    """A kind of act: `asks` and `decides` are permissions of which one is enough, `days` how long a wish holds."""

    code: str
    label: Any
    asks: frozenset[P]
    decides: frozenset[P]
    days: int
    at_once: bool  # agreeing carries it out; else the asker does, once

    def may_ask(self, actor: Actor) -> bool:
        """Whether the role may ask for this at all."""
        return any(actor.may(permission) for permission in self.asks)

    def may_decide(self, actor: Actor) -> bool:
        """Whether the role may agree to this at all."""
        return any(actor.may(permission) for permission in self.decides)


ASKED: dict[str, Asked] = {
    kind.code: kind
    for kind in (
        Asked(
            "factor.reset",
            _l("Take a lost second factor away"),
            frozenset({P.ACCOUNT_MANAGE}),
            frozenset({P.CONTROL_SET}),
            days=3,  # as a code for a forgotten password
            at_once=True,
        ),
        Asked(
            "disposal",
            _l("Delete for good what need not be kept any more"),
            frozenset({P.DISPOSAL_ASK}),
            frozenset({P.DISPOSAL_AGREE}),
            days=30,
            at_once=True,
        ),
        Asked(
            "control.off",
            _l("Make the rules of sign-in less strict"),
            frozenset({P.CONTROL_SET}),
            frozenset({P.CONTROL_SET, P.ACCOUNT_MANAGE}),  # asked at the top, so an administrator of the whole
            days=7,
            at_once=True,
        ),
    )
}


def decided_by(actor: Actor) -> tuple[str, ...]:
    """The kinds this role may decide on."""
    return tuple(code for code, kind in ASKED.items() if kind.may_decide(actor))
