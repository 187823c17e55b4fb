"""Where a secret comes from: the environment, a file that only its owner can read, or a command that prints it (a vault, a token).

`NAME` is the secret itself, `NAME_FILE` the path of a file, `NAME_COMMAND` a command line; at most one of them. A command is run without a
shell when the process starts, and whatever it prints stays in the memory of the process only: it is called once, not for each field.
"""

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

LONGEST = 30.0  # seconds that a command may take
LARGEST = 64 * 1024  # bytes of a file


class BadSource(Exception):
    """A secret cannot be had from where the settings say; the message says what to do and never holds the secret."""


def source(environ: Mapping[str, str], name: str) -> str:
    """ "environment", "file" or "command"; empty where nothing is set. Raises BadSource when there are two."""
    kinds = {"environment": name, "file": f"{name}_FILE", "command": f"{name}_COMMAND"}
    given = [kind for kind, key in kinds.items() if environ.get(key)]
    if len(given) > 1:
        raise BadSource(f"Set only one of {', '.join(kinds[kind] for kind in given)}.")
    return given[0] if given else ""


def secret(environ: Mapping[str, str], name: str) -> str:
    """The secret, lines joined by commas; empty where nothing is set. Raises BadSource."""
    kind = source(environ, name)
    if kind == "file":
        return _joined(_of_file(name, Path(environ[f"{name}_FILE"])))
    if kind == "command":
        return _joined(_of_command(name, environ[f"{name}_COMMAND"]))
    return environ.get(name, "")


def _joined(text: str) -> str:
    return ",".join(line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _of_file(name: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BadSource(f"{name}_FILE: {path} can be read by others than its owner: `chmod 600` it.")
        with path.open("rb") as file:
            return file.read(LARGEST).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSource(f"{name}_FILE: {path} cannot be read ({type(error).__name__}).") from error


def _of_command(name: str, line: str) -> str:
    try:
        done = subprocess.run(shlex.split(line), capture_output=True, timeout=LONGEST, check=True)
        return done.stdout.decode()
    except subprocess.TimeoutExpired as error:
        raise BadSource(f"{name}_COMMAND did not end within {LONGEST:.0f} seconds.") from error
    except subprocess.CalledProcessError as error:  # what it said may hold a secret
        raise BadSource(f"{name}_COMMAND ended with code {error.returncode}.") from error
    except (OSError, ValueError, UnicodeDecodeError) as error:
        raise BadSource(f"{name}_COMMAND cannot be run ({type(error).__name__}).") from error
