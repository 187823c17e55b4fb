"""Translations ready to be used: a checkout carries them as text, and a server without them would speak English to everybody."""

from pathlib import Path

import click
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parents[2] / "translations"


def make_ready(folder: Path = FOLDER) -> None:
    """Compiles every catalogue that is newer than what was compiled of it; instant when none is."""
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        try:
            with target.open("wb") as compiled:
                write_mo(compiled, catalogue)
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written, and without it pages are not translated: {error}") from error
