"""How the commands of figures are told a period."""

from typing import Any

import click

from caseapp.core.periods import Quarter


class Period(click.ParamType):
    """A quarter like 2026Q3."""

    name = "quarter"

    def convert(self, value: Any, param: Any, ctx: Any) -> Quarter:
        """Reads it, or says how it is written."""
        try:
            return value if isinstance(value, Quarter) else Quarter.read(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)
