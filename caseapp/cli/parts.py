"""A command with parts, each a module that is imported when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Parts = Mapping[str, tuple[str, str, str]]  # name → module, its member, what it does


class Named(click.Group):
    """A group whose parts stand in a table."""

    def __init__(self, *args: Any, parts: Parts, **more: Any) -> None:
        super().__init__(*args, **more)
        self._parts = parts

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(self._parts)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The part itself."""
        if name not in self._parts:
            return None
        module, attribute, _words = self._parts[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_module, _attribute, words) in self._parts.items()])
