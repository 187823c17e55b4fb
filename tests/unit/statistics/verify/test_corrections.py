"""The verifier on corrections: what a correction tells beside the release before it."""

from types import SimpleNamespace

import pytest

from caseapp.reference.statistics import newest
from caseapp.services.statistics.verify.corrections import faults
from caseapp.services.statistics.verify.evidence import Earlier, Evidence

AREA = SimpleNamespace(code="k", level="county")


def told(now: dict[str, int], then: dict[str, int], shown: str, shown_then: str, contractors: dict[str, str]) -> list[str]:
    """Faults of a total of persons on file by station, as shown in a correction and before it."""
    catalogue = newest()
    table = next(t for t in catalogue.tables if t.measure == "on_file" and not t.derived)

    def facts(numbers: dict[str, int]) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(measure="on_file", area="t", station=name, key="", value=value, persons=value, largest=1)
            for name, value in numbers.items()
        ]

    earlier = Earlier(facts(then), {(table.code, "k", ""): shown_then})
    evidence = Evidence(
        catalogue,
        "2026Q3",
        [AREA],
        {"t": ["k"]},
        facts(now),
        {(table.code, "k", ""): shown},
        b"",
        contractors,
        earlier=[earlier],
    )
    return [fault.what for fault in faults(evidence)]


@pytest.mark.parametrize(
    ("now", "then", "shown", "before", "contractors", "what"),
    [
        ({"a": 40, "b": 40}, {"a": 40, "b": 40}, "80", "80", {}, []),
        ({"a": 40, "b": 40}, {"a": 40, "b": 41}, "80", "81", {}, ["a correction tells a change of few"]),
        ({"a": 40, "b": 40}, {"a": 40, "b": 50}, "80", "90", {}, []),
        ({"a": 40, "b": 40}, {"a": 40, "b": 41}, "*", "81", {}, []),
        ({"a": 40, "b": 40}, {"a": 40, "b": 40}, "80", "*", {}, ["a correction shows what was hidden before"]),
        # seven fewer, of whom three are another station's: the first one reckons them
        ({"a": 40, "b": 40}, {"a": 44, "b": 43}, "80", "87", {}, ["a correction tells a change of few"]),
        ({"a": 40, "b": 40}, {"a": 44, "b": 43}, "80", "87", {"a": "c", "b": "c"}, ["a correction tells a change of few"]),
        ({"a": 40, "b": 40}, {"a": 46, "b": 47}, "80", "93", {}, []),
    ],
)  # fmt: skip
def test_a_correction_tells_of_nobody(
    now: dict[str, int], then: dict[str, int], shown: str, before: str, contractors: dict[str, str], what: list[str]
) -> None:
    assert told(now, then, shown, before, contractors) == what
