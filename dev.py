"""Sets up and runs caseapp from a fresh checkout; needs nothing but Python 3.11 or newer.

python3 dev.py demo [--fresh] [--port N]   a realistic demo on this machine
python3 dev.py test [pytest arguments]     the whole test suite
python3 dev.py check                       everything CI runs
python3 dev.py audit                       what needs a network service: advisories, vendored files rebuilt and compared
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements-dev.lock"
MARK = VENV / "caseapp-lock.sha256"


def main() -> int:
    """Sets up, then hands over."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is started with
        print(f"caseapp needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 2
    verb, rest = (sys.argv[1] if len(sys.argv) > 1 else "help"), sys.argv[2:]
    commands = {
        "demo": ["-m", "caseapp.cli", "demo", *rest],
        "test": ["-m", "devtools.test", *rest],
        "check": ["-m", "devtools.check", *rest],
        "audit": ["-m", "devtools.audit", *rest],
    }
    if verb not in commands:
        print(__doc__)
        return 0 if verb in ("help", "-h", "--help") else 2
    set_up()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    if verb == "demo":
        environment["CASEAPP_ENV"] = "demo"
    try:
        return subprocess.run([PYTHON, *commands[verb]], cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def set_up() -> None:
    """Makes .venv from the hashed lock and compiles the catalogues; instant when nothing has changed."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not MARK.exists() or MARK.read_text() != wanted:
        print("Setting up .venv (once, a minute or two) …", flush=True)
        if not PYTHON.exists():
            try:
                subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
            except subprocess.CalledProcessError:
                sys.exit("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
        quiet = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*quiet, "--require-hashes", "-r", LOCK], cwd=ROOT, check=True)
        MARK.write_text(wanted)
    for catalogue in ROOT.glob("translations/*/LC_MESSAGES/messages.po"):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            command = [PYTHON, "-m", "babel.messages.frontend", "--quiet", "compile", "-d", "translations"]
            subprocess.run(command, cwd=ROOT, check=True)
            break


if __name__ == "__main__":
    sys.exit(main())
