"""`dev.py demo` as a newcomer meets it: a process of its own that makes a demo, answers, says who can sign in, and ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIT = 120  # seconds; it takes a few


def test_a_fresh_demo_answers_and_prints_its_accounts(tmp_path: Path) -> None:
    """The worker must answer although the process that started it has other threads (a forked one once never did)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "CASEAPP_ENV": "demo", "CASEAPP_INSTANCE": str(tmp_path), "PYTHONUTF8": "1"}
    environment.pop("CASEAPP_DATABASE_URL", None)
    command = [sys.executable, "-m", "caseapp.cli", "demo", "--clients", "60", "--quarters", "1", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + WAIT
            while "caseapp-demo" not in log.read_text() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.1)
            said = log.read_text()
            assert f"http://127.0.0.1:{port}" in said and re.search(r"worker\s+worker2\s+worker3", said), said
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=10) as answer:
                assert answer.status == 200 and 'name="username"' in answer.read().decode()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) in (0, -signal.SIGINT, 130, 1)
