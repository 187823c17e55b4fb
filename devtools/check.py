"""Everything CI runs, in order, each step with its time; all failures are named at the end."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from devtools import test
from devtools.catalogues import check_catalogues

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# licences of what we ship or build with; a new one is a decision
LICENCES = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Unlicense|Public Domain|LGPL|0BSD|CC0|Zlib|Boost|WTFPL", re.IGNORECASE
)
COPYLEFT_TOOLS = {"djlint", "codespell", "junit-xml", "tqdm"}  # used to check, never shipped
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{10,}"
    r"|(?i:password|secret|token)\s*=\s*[\"'][A-Za-z0-9+/=_-]{32,}[\"']"
)
ADDRESSES = re.compile(r"https?://|file://|/opt/|localhost|127\.0\.0\.1")


def tool(name: str, *arguments: str) -> Callable[[], int]:
    """A step that runs a tool of the environment."""
    return lambda: subprocess.run([BIN / name, *arguments], cwd=ROOT, check=False).returncode


def secrets() -> int:
    """No secret and no download address where none belongs."""
    faults = []
    for name in _tracked():
        path = ROOT / name
        if not path.is_file() or path.suffix in (".png", ".mo", ".ico"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if SECRETS.search(text) and name != "devtools/check.py":
            faults.append(f"{name}: looks like a secret")
        if (name.endswith(".lock") or name == "package-lock.json") and _addresses(name, text):
            faults.append(f"{name}: carries an address")
    print("\n".join(faults))
    return len(faults)


def _addresses(name: str, text: str) -> bool:
    if name == "package-lock.json":  # funding and home pages are no download addresses
        return '"resolved"' in text
    return bool(ADDRESSES.search(text))


def _tracked() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def licences() -> int:
    """Every installed distribution has a licence that we accept."""
    faults = []
    for found in metadata.distributions():
        about = found.metadata
        name = str(about["Name"])
        words = " ".join(
            filter(
                None, [about.get("License-Expression"), (about.get("License") or "")[:200], *(about.get_all("Classifier") or [])]
            )
        )
        says = "License" in words or about.get("License-Expression") or about.get("License")
        if says and not LICENCES.search(words) and name.lower() not in COPYLEFT_TOOLS:
            faults.append(f"{name}: {words[:120]}")
    print("\n".join(faults))
    return len(faults)


STEPS: tuple[tuple[str, Callable[[], int]], ...] = (
    ("ruff format", tool("ruff", "format", "--check", ".")),
    ("ruff check", tool("ruff", "check", ".")),
    ("import contracts", tool("lint-imports")),
    ("djlint", tool("djlint", "caseapp/templates", "--lint", "--quiet")),
    ("codespell", tool("codespell")),
    ("mypy", tool("mypy")),
    ("catalogues", check_catalogues),
    ("secrets", secrets),
    ("licences", licences),
    ("tests", lambda: test.run([])),
)


def main(names: list[str]) -> int:
    """Runs all steps (or the named ones) and says which failed; 2 for a name that is none."""
    if unknown := set(names) - {name for name, _step in STEPS}:
        print(f"check: no step {', '.join(sorted(unknown))}; there are {', '.join(name for name, _step in STEPS)}")
        return 2
    failed, chosen = [], [step for step in STEPS if not names or step[0] in names]
    for name, step in chosen:
        print(f"── {name}", flush=True)
        begun = time.monotonic()
        if step():
            failed.append(name)
        print(f"── {name}: {'FAILED' if name in failed else 'ok'}, {time.monotonic() - begun:.0f} s", flush=True)
    print("check: " + (f"FAILED: {', '.join(failed)}" if failed else "all green"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
