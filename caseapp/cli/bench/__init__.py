"""`caseapp bench`: what pages and the work on figures cost on a database of a stated size."""

from caseapp.cli.bench.entry import command
from caseapp.cli.bench.refresh import command as refresh_command

command.add_command(refresh_command)

__all__ = ["command"]
