"""Translations complete: extraction equals the template, no empty, fuzzy or obsolete entry, placeholders equal."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
EXTRACT = [
    "-m",
    "babel.messages.frontend",
    "--quiet",
    "extract",
    "-F",
    "pyproject.toml",
    "--no-location",
    "--sort-output",
    "--no-wrap",
    *("-k", "_", "-k", "_l", "-k", "ngettext:1,2", "-k", "lazy_ngettext:1,2", "-k", "gettext"),
    "--project",
    "caseapp",
]
HOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")


def check_catalogues() -> int:
    """Counts and prints what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "messages.pot"
        subprocess.run([sys.executable, *EXTRACT, "-o", fresh, "."], cwd=ROOT, check=True)
        with fresh.open("rb") as file:
            wanted = {message.id for message in read_po(file) if message.id}
    faults = []
    with (FOLDER / "messages.pot").open("rb") as file:
        known = {message.id for message in read_po(file) if message.id}
    faults += [f"messages.pot lacks {found!r}" for found in sorted(wanted - known, key=str)]
    faults += [f"messages.pot keeps {found!r}" for found in sorted(known - wanted, key=str)]
    for language in ("zh", "en"):
        with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            faults += [f"{language}: {fault}" for fault in faults_of(read_po(file, locale=language), wanted)]
    print("\n".join(faults[:60]))
    return len(faults)


def faults_of(catalogue: Catalog, wanted: set[object]) -> list[str]:
    """What a language's catalogue lacks."""
    faults = [f"lacks {found!r}" for found in sorted(wanted - {m.id for m in catalogue if m.id}, key=str)]
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy:
            faults.append(f"fuzzy: {ids[0]!r}")
        if not all(words):
            faults.append(f"empty: {ids[0]!r}")
        holders = {tuple(sorted(HOLDER.findall(text))) for text in ids}
        if any(words) and not all(tuple(sorted(HOLDER.findall(text))) in holders for text in words):
            faults.append(f"placeholders differ: {ids[0]!r}")
    return faults + [f"obsolete: {message.id!r}" for message in catalogue.obsolete.values()]


def refresh() -> None:
    """Extracts and brings both catalogues up to date; English words are their own translation. Prints what Chinese still lacks."""
    subprocess.run([sys.executable, *EXTRACT, "-o", "translations/messages.pot", "."], cwd=ROOT, check=True)
    update = [
        "update",
        "-i",
        "translations/messages.pot",
        "-d",
        "translations",
        "--no-fuzzy-matching",
        "--ignore-obsolete",
        "--no-wrap",
    ]
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "--quiet", *update], cwd=ROOT, check=True)
    english = FOLDER / "en" / "LC_MESSAGES" / "messages.po"
    with english.open("rb") as file:
        catalogue = read_po(file, locale="en")
    for message in catalogue:
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string):
            message.string = message.id
    with english.open("wb") as file:
        write_po(file, catalogue, width=0)
    with (FOLDER / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale="zh"):
            if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string):
                print(f"zh lacks {message.id!r}")


if __name__ == "__main__":
    refresh()
