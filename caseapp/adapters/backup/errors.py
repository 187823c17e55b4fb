"""What goes wrong with a backup, as one sentence for whoever keeps the installation."""


class BackupError(Exception):
    """The sentence names files, tables and programs, never what stands in a row."""
