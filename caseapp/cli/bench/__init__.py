"""`caseapp bench`: what pages cost on a database of a stated size."""

from caseapp.cli.bench.entry import command

__all__ = ["command"]
