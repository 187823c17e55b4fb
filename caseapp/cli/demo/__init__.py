"""`caseapp demo`: invented people at real places, made from a seed."""

from caseapp.cli.demo.entry import command

__all__ = ["command"]
