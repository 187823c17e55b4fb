"""A PostgreSQL server of our own for a trial: made in a folder, killed, started again, thrown away."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

USER = "postgres"
PLACES = "/usr/lib/postgresql"


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL on this machine; None where there is none."""
    found = sorted(Path(PLACES).glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in found:
        if (folder / "postgres").exists():
            return folder
    program = shutil.which("postgres")
    return Path(program).parent if program else None


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One server in `folder`, reached on a loopback port; `settings` are those of postgresql.conf."""

    def __init__(self, folder: Path, programs: Path, settings: Mapping[str, str], *, data: str = "data") -> None:
        self.folder, self.programs, self.settings = folder, programs, dict(settings)
        self.data, self.port = folder / data, free_port()
        self._as = _as_other_user(folder)

    @property
    def address(self) -> str:
        """Without a database name."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}"

    def make(self) -> None:
        """A new cluster, in which everybody of this machine is trusted; not started."""
        self.call("initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")

    def start(self, seconds: float = 60.0) -> None:
        """Starts it and waits until it answers; tried again while what was killed before is still going away."""
        given = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder), **self.settings}
        options = " ".join([f"-p {self.port}", *(f"-c {name}='{value}'" for name, value in given.items())])
        until = time.monotonic() + seconds
        while True:
            try:
                self.call("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def stop(self, mode: str = "immediate") -> None:
        """Stops it in a mode of pg_ctl."""
        self.call("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """`kill -9` to the first process; the others find out and end."""
        os.kill(self.pid(), signal.SIGKILL)

    def pid(self) -> int:
        """Of the first process."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def call(self, program: str, *arguments: Any) -> str:
        """Runs one of its programs as the user that it runs as; what it said."""
        command: Sequence[Any] = [self.programs / program, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, cwd="/", **self._as)
        return done.stdout.decode()


def _as_other_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: hand the folder to its own user, or to nobody."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, name)
    for parent in [folder, *folder.parents]:
        if parent.stat().st_uid == 0 and parent != Path("/") and str(parent).startswith(tempfile.gettempdir() + "/"):
            parent.chmod(0o755)
    return {"user": name, "extra_groups": []}
