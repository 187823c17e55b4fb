"""`caseapp drill NAME`: what takes long, seeded; each ends with one line of figures for BENCHMARKS.md.

One file for each drill; its command stands in DRILLS and is imported when it is called.
"""

from importlib import import_module

import click

DRILLS = {
    "disclosure": (
        "caseapp.cli.drill.disclosure",
        "command",
        "Releases of invented provinces, attacked with all that went before.",
    ),
}


class Drills(click.Group):
    """The drills, imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order above."""
        return list(DRILLS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The drill itself."""
        if name not in DRILLS:
            return None
        module, attribute, _words = DRILLS[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do, without importing any."""
        with formatter.section("Drills"):
            formatter.write_dl([(name, words) for name, (_module, _attribute, words) in DRILLS.items()])


@click.group("drill", cls=Drills)
def command() -> None:
    """What takes long, by itself: seeded, with figures at the end."""
