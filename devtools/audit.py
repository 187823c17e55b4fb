"""What needs a network service: advisories of dependencies; vendored front-end files rebuilt and compared."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Runs both; npm must be on the machine for the second."""
    advisories = [Path(sys.executable).parent / "pip-audit", "--require-hashes", "--disable-pip", "-r", "requirements.lock"]
    failed = subprocess.run(advisories, cwd=ROOT, check=False).returncode
    for command in (["npm", "ci"], ["npm", "run", "verify"]):
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
