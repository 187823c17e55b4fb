"""The rules of an instrument: what changes a level, and what a result asks for whatever its total. Judged in `scoring`."""

from dataclasses import dataclass

from caseapp.reference.files import Worded


@dataclass(frozen=True)
class Condition(Worded):
    """What is asked beside the items: a flag (true or false) or a count."""

    kind: str = "flag"


@dataclass(frozen=True)
class Clause:
    """At least `count` of these items came to at least `at_least` points each."""

    items: tuple[str, ...]
    at_least: int = 1
    count: int = 1


@dataclass(frozen=True)
class Override(Worded):
    """A rule that changes the level: `set_to` a level, or `raise_by` levels worse (all raising rules together: once).

    It holds when one of the flags `any_of` is set, when the counts of `sum_of` reach `at_least`, when one of `items` came to
    at least `at_least` points (red flags of check lists), or when every clause of `when` holds (combinations).
    """

    any_of: tuple[str, ...] = ()
    sum_of: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    at_least: int = 1
    when: tuple[Clause, ...] = ()
    set_to: str | None = None
    raise_by: int = 0


@dataclass(frozen=True)
class Wanted:
    """A task that an alert makes at once: which kind, for whom (`worker` or `head`), in how many days.

    `by_rule`: the day comes from the visit interval of the level, and once kept the next one is promised by it too.
    """

    kind: str
    who: str = "worker"
    days: int = 0
    by_rule: bool = False


@dataclass(frozen=True)
class Alert(Worded):
    """A sentence that must be shown whatever the total, and what follows from it at once.

    Bound to one of: an item or a condition (by a bound on its value), a rule that holds, a level (that one or, unless `exact`,
    a worse one).
    `klass` raises the class of the result, `protocol` names the steps to take, `tasks` are made when it rings.
    """

    item: str | None = None
    condition: str | None = None
    rule: str | None = None
    level: str | None = None
    exact: bool = False
    at_least: int | None = None
    at_most: int | None = None
    klass: str | None = None
    protocol: str | None = None
    tasks: tuple[Wanted, ...] = ()
