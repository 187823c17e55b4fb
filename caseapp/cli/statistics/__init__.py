"""`caseapp statistics`: one file for each command."""

import click

from caseapp.cli.statistics.cells import cells_command
from caseapp.cli.statistics.noise import noise_command
from caseapp.cli.statistics.refresh import refresh_command
from caseapp.cli.statistics.release import release_command
from caseapp.cli.statistics.verify import verify_command

__all__ = ["statistics"]


@click.group("statistics")
def statistics() -> None:
    """Figures: fill the facts of a quarter, publish it, verify what was published."""


for command in (refresh_command, release_command, cells_command, verify_command, noise_command):
    statistics.add_command(command)
