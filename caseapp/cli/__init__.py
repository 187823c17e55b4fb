"""The command line. Each command is a module that is imported when it is called, so that `--help` stays quick."""

from importlib import import_module

import click

COMMANDS = {
    "init": ("caseapp.cli.init", "init", "On an empty database: tables, divisions, the first two administrators."),
    "serve": ("caseapp.cli.serve", "serve", "Serve pages and API."),
    "demo": ("caseapp.cli.demo", "command", "A realistic demo with invented people, then serve it."),
    "user": ("caseapp.cli.user", "user", "Accounts: add, disable, reset."),
    "divisions": ("caseapp.cli.divisions", "divisions", "Divisions and offices: load changes."),
    "statistics": ("caseapp.cli.statistics", "statistics", "Figures: refresh facts, release a quarter."),
    "audit": ("caseapp.cli.audit", "audit", "The trail: verify that nothing of it was changed; checkpoints."),
    "backup": ("caseapp.cli.backup", "backup", "Save the whole database while it is used, sealed, and verify it by restoring."),
    "restore": ("caseapp.cli.backup", "restore", "Put a backup into an empty database."),
    "disposal": ("caseapp.cli.disposal", "disposal", "Files that need not be kept any more: list, hold, ask, certificates."),
    "keys": ("caseapp.cli.keys", "keys", "Data keys: what lies under which, bring everything under a new one."),
    "doctor": ("caseapp.cli.doctor", "doctor", "Is this installation in order? In plain words."),
    "worker": ("caseapp.cli.worker", "worker", "Do the long work that is asked for."),
    "drill": ("caseapp.cli.drill", "command", "What takes long: attacks and other trials, seeded, with figures."),
    "bench": ("caseapp.cli.bench", "command", "Measure pages and calls on a database of a stated size."),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order above."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command itself."""
        if name not in COMMANDS:
            return None
        module, attribute, _words = COMMANDS[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_module, _attribute, words) in COMMANDS.items()])


@click.group(cls=Lazy)
def main() -> None:
    """Case management for township and street social-work stations."""
