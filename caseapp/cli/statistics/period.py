"""How the commands of figures are told a period."""

from typing import Any

import click

from caseapp.core.periods import Month, Quarter, read_period


class Period(click.ParamType):
    """A quarter like 2026Q3; with `months` also a month like 2026M09."""

    name = "period"

    def __init__(self, *, months: bool = False) -> None:
        self.months = months

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Reads it, or says how it is written."""
        try:
            if isinstance(value, Quarter | Month):
                return value
            return read_period(value) if self.months else Quarter.read(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)
