"""Real engines for tests: a SQLite file and a PostgreSQL server of our own, each with a template that tests copy.

Each test worker has a PostgreSQL server of its own, without fsync, stopped when the worker ends.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
MISSING: dict[str, str] = {}  # part → why it could not be had; reported by name at the end of the run


def postgres_binaries() -> Path | None:
    """The folder of the newest PostgreSQL on this machine."""
    for folder in BINARIES:
        if (folder / "postgres").exists():
            return folder
    found = shutil.which("postgres")
    return Path(found).parent if found else None


@contextmanager
def postgres_server(folder: Path) -> Iterator[str | None]:
    """Starts a server in `folder` on a free loopback port and yields its address without a database name."""
    binaries = postgres_binaries()
    if binaries is None:
        MISSING["PostgreSQL"] = "no server binaries on this machine"
        yield None
        return
    data = folder / "data"
    port = _free_port()
    user = "postgres"
    as_other = _as_other_user(folder)
    run = {"capture_output": True, "cwd": "/", **as_other}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], check=True, **run
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=120"
    subprocess.run([binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], check=True, **run)
    try:
        yield f"postgresql+psycopg://{user}@127.0.0.1:{port}"
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, **run)


def _as_other_user(folder: Path) -> dict[str, object]:
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
