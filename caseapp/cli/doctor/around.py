"""What lies around the database: secrets, disks, and what a browser gets."""

import hashlib
import http.client
import shutil
import ssl
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from caseapp.adapters import backup as backups
from caseapp.blueprints.http.headers import FIXED
from caseapp.cli.doctor.finding import Finding, Level
from caseapp.config import LOOPBACK, Settings
from caseapp.core.text import _
from caseapp.extensions import db

SCARCE, NONE_LEFT = 0.10, 300_000_000  # a tenth of the disk; bytes
DAY = 86_400
SOURCES = {"environment": "CASEAPP_DATA_KEYS", "file": "CASEAPP_DATA_KEYS_FILE", "command": "CASEAPP_DATA_KEYS_COMMAND"}
SOON = 21  # days before a certificate ends


def secrets(settings: Settings) -> Iterator[Finding]:
    """Where keys come from, and what must be kept. Missing or weak ones were refused when the settings were read."""
    if settings.env != "production":
        yield Finding(Level.LOOK, _("This is no installation for real people: its keys are known to everybody."))
    numbers = ", ".join(str(number) for number, _key in settings.data_keys)
    yield Finding(
        Level.FINE,
        _(
            "Data keys %(numbers)s, newest first, from %(source)s. Without them nothing can be read again, backups neither: "
            "keep a copy in another place than the backups.",
            numbers=numbers,
            source=SOURCES[settings.keys_from],
        ),
    )
    number, oldest = settings.data_keys[-1]
    if len(settings.data_keys) > 1 and settings.index_key == hashlib.sha256(b"caseapp index key" + oldest).digest():
        words = _(
            "Exact search is keyed by data key %(number)s, the oldest: leave it in the list, or set CASEAPP_INDEX_KEY.",
            number=number,
        )
        yield Finding(Level.LOOK, words)


def disk(settings: Settings) -> Iterator[Finding]:
    """Room where the database lies (a backup needs its size twice while it is verified) and where backups go."""
    needed, folders = 0, {settings.instance}
    if settings.is_sqlite:
        path = Path(db.engine.url.database or "")
        folders = {path.parent}
        needed = 2 * path.stat().st_size if path.exists() else 0
    for folder in sorted(folders | ({settings.backups} if settings.backups else set())):
        there = next(each for each in (folder, *folder.parents) if each.exists())
        usage = shutil.disk_usage(there)
        level = Level.LOOK if usage.free < SCARCE * usage.total else Level.FINE
        level = Level.BROKEN if usage.free < max(NONE_LEFT, needed) else level
        words = _(
            "%(folder)s: %(free)s GB of %(whole)s GB are free.",
            folder=there, free=f"{usage.free / 1e9:.1f}", whole=f"{usage.total / 1e9:.1f}",
        )  # fmt: skip
        yield Finding(level, words)
    if settings.is_sqlite:
        left = sorted(path.name for path in folder_of(settings).glob(f"*.{backups.MARK}-*"))
        if left:
            words = _(
                "Left over from a backup that was broken off: %(names)s. Delete it when none is running.", names=", ".join(left)
            )
            yield Finding(Level.LOOK, words)


def folder_of(settings: Settings) -> Path:
    """Where the file of the database lies."""
    return Path(db.engine.url.database or settings.instance / "none").parent


def reached(settings: Settings, url: str | None) -> Iterator[Finding]:
    """How browsers reach it; with an address, what really comes from there."""
    if settings.env == "production" and settings.host not in LOOPBACK and not settings.proxies:
        words = _("Pages go over the network in clear: put a proxy with TLS in front and set CASEAPP_PROXIES.")
        yield Finding(Level.BROKEN, words)
    if url is None:
        yield Finding(Level.FINE, _("What browsers get was not looked at: give the address with --url."))
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield Finding(Level.BROKEN, _("%(url)s is no address that begins with https://.", url=url))
        return
    try:
        headers, days = fetched(parts.scheme == "https", parts.hostname, parts.port)
    except ssl.SSLError:
        yield Finding(Level.BROKEN, _("Browsers do not believe the certificate of %(url)s.", url=url))
    except OSError:
        yield Finding(Level.BROKEN, _("%(url)s does not answer.", url=url))
    else:
        yield from judged(url, headers, days, is_local=parts.hostname in LOOPBACK)


def fetched(is_tls: bool, host: str, port: int | None) -> tuple[Mapping[str, str], float | None]:
    """(headers in small letters, days that the certificate still holds) of an answer. Raises OSError, ssl.SSLError."""
    connection: Any = http.client.HTTPConnection(host, port, timeout=10)
    if is_tls:
        connection = http.client.HTTPSConnection(host, port, timeout=10, context=ssl.create_default_context())
    try:
        connection.request("GET", "/healthz")
        until = connection.sock.getpeercert()["notAfter"] if is_tls else None
        answer = connection.getresponse()
        answer.read()
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from error
    finally:
        connection.close()
    days = (ssl.cert_time_to_seconds(until) - time.time()) / DAY if until else None
    return {name.lower(): value for name, value in answer.getheaders()}, days


def judged(url: str, headers: Mapping[str, str], days: float | None, *, is_local: bool) -> Iterator[Finding]:
    """Whether the headers of safety came through whatever stands in between, and how long the certificate holds."""
    expected = dict(FIXED) | ({"Strict-Transport-Security": ""} if days is not None else {})
    wrong = [name for name, value in expected.items() if not headers.get(name.lower(), "") or value not in headers[name.lower()]]
    if days is None and not is_local:
        yield Finding(Level.BROKEN, _("%(url)s is not encrypted: whoever is on the way reads along.", url=url))
    if days is not None and days < SOON:
        yield Finding(Level.LOOK, _("The certificate of %(url)s ends in %(days)s days.", url=url, days=int(days)))
    if wrong:
        words = _("%(url)s answers without, or with another: %(names)s. Does a proxy change it?", url=url, names=", ".join(wrong))
        yield Finding(Level.BROKEN, words)
    else:
        yield Finding(Level.FINE, _("%(url)s answers with every header of safety.", url=url))
