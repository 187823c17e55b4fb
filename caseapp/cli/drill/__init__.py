"""`caseapp drill NAME`: what takes long, seeded; each ends with one line of figures for BENCHMARKS.md.

One file for each drill; its command stands in DRILLS and is imported when it is called.
"""

import click

from caseapp.cli.parts import Named

DRILLS = {
    "restore": (
        "caseapp.cli.drill.restore",
        "command",
        "Restore a backup beside the database: how long it takes, and what would be lost.",
    ),
    "attack": (
        "caseapp.cli.drill.attack",
        "command",
        "Requests by the hundred thousand, by every role, on rows of an invented place.",
    ),
    "crash": (
        "caseapp.cli.drill.crash",
        "command",
        "Kill -9 of server, sealer and PostgreSQL under writes: nothing that was acknowledged is lost.",
    ),
    "disclosure": (
        "caseapp.cli.drill.disclosure",
        "command",
        "Releases of invented provinces, attacked with all that went before.",
    ),
}


@click.group("drill", cls=Named, parts=DRILLS)
def command() -> None:
    """What takes long, by itself: seeded, with figures at the end."""
