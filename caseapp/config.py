"""Settings from the environment: typed, with defaults for one small office, refused at start when they are wrong."""

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from caseapp.adapters import sources

ENVIRONMENTS = ("production", "demo", "test")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEAST_MONTHS = 12  # of the trail on line; the law asks for six
TIMEOUTS = {"statement_timeout": 30_000, "lock_timeout": 10_000, "idle_timeout": 60_000}  # milliseconds
WEAK = 24  # characters below which a secret is refused


class BadSettings(Exception):
    """Settings that must not be started with; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything the process reads from outside, validated."""

    env: str
    database_url: str
    secret_key: str
    data_keys: tuple[tuple[int, bytes], ...]  # newest first: (key id 1..255, 32 bytes for AES-256, 16 for SM4)
    index_key: bytes
    host: str
    port: int
    workers: int
    instance: Path
    pool: int = 10
    figures_url: str = ""  # PostgreSQL: a login of its own for what bureaus read, with rights on published tables only
    statement_timeout: int = TIMEOUTS[
        "statement_timeout"
    ]  # milliseconds; PostgreSQL, 0: none. A statement of a page or a call is then cut off
    lock_timeout: int = TIMEOUTS["lock_timeout"]  # how long it waits for what somebody else is writing
    idle_timeout: int = TIMEOUTS["idle_timeout"]  # how long a transaction may stand open and do nothing
    proxies: int = 0  # reverse proxies in front, each adding one X-Forwarded-For and X-Forwarded-Proto
    max_body: int = 2 * 1024 * 1024
    exploration: int = 0  # questions that one user may ask of one period with noise; 0: exploration is switched off
    log: str = "text"  # or "json": one object a line
    blind_keys: tuple[bytes, ...] = ()  # what numbers are matched by, newest first; the index key unless given
    keys_from: str = "environment"  # or "file", "command": where the data keys came from
    seal_key: bytes | None = None  # what the trail is signed with; derived from the index key unless given
    backups: Path | None = None  # the folder of backups: where they go unless told otherwise, and where `doctor` looks
    trail_months: int = 12  # how long the trail stays in the database before `audit archive` may take it out; 12 at least
    metrics_token: str = ""  # who shows it reads /metrics; without one there is no such page

    @property
    def is_demo(self) -> bool:
        """Whether this process serves invented people with a known password."""
        return self.env == "demo"

    @property
    def is_reached_over_https(self) -> bool:
        """Whether cookies must never travel in clear: in production, but for an office whose browser runs on the server itself."""
        return self.env == "production" and (self.host not in LOOPBACK or self.proxies > 0)

    @property
    def timeouts(self) -> dict[str, int]:
        """PostgreSQL's settings for connections that serve requests."""
        return {
            "statement_timeout": self.statement_timeout,
            "lock_timeout": self.lock_timeout,
            "idle_in_transaction_session_timeout": self.idle_timeout,
        }

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")


def data_keys(text: str) -> tuple[tuple[int, bytes], ...]:
    """Reads `CASEAPP_DATA_KEYS`: comma-separated, newest first, each `id:key` or only `key` (base64 or hex, 32 bytes).

    A key of SM4 has 16 bytes and says so: `id:sm4:key`. Keys without an id are numbered from the end, the oldest being 1. Raises BadSettings.
    """
    items = [item.strip() for item in text.split(",") if item.strip()]
    keys: list[tuple[int, bytes]] = []
    for place, item in enumerate(items):
        name, _, rest = item.rpartition(":")
        name, _, kind = name.rpartition(":") if name.lower().endswith("sm4") else (name, "", "aes")
        number = int(name) if name.isdigit() else len(items) - place
        raw = _key_bytes(rest, 16 if kind.lower() == "sm4" else 32)
        if not 1 <= number <= 255 or any(number == known for known, _raw in keys):
            raise BadSettings("CASEAPP_DATA_KEYS: key ids must be different numbers from 1 to 255.")
        keys.append((number, raw))
    if not keys:
        raise BadSettings("CASEAPP_DATA_KEYS is empty: set it to a key made by `openssl rand -base64 32`.")
    return tuple(keys)


def _key_bytes(text: str, length: int = 32, name: str = "CASEAPP_DATA_KEYS") -> bytes:
    for decode in (bytes.fromhex, base64.b64decode, base64.urlsafe_b64decode):
        try:
            raw = decode(text)
        except (ValueError, binascii.Error):
            continue
        if len(raw) == length:
            return raw
    raise BadSettings(f"{name}: each key must be {length} bytes in base64 or hex (`openssl rand -base64 {length}`).")


def _secrets(env: Mapping[str, str]) -> dict[str, str]:
    """Every secret of the settings by its name, from wherever it is kept; BadSettings in a sentence."""
    names = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "BLIND_KEYS", "SEAL_KEY")
    try:
        return {name: sources.secret(env, f"CASEAPP_{name}") for name in names}
    except sources.BadSource as error:
        raise BadSettings(str(error)) from error


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks the environment. Raises BadSettings with a sentence that says what to do."""
    env = dict(os.environ if environ is None else environ)
    kind = env.get("CASEAPP_ENV", "production")
    if kind not in ENVIRONMENTS:
        raise BadSettings(f"CASEAPP_ENV is {kind!r}: use one of {', '.join(ENVIRONMENTS)}.")
    instance = Path(env.get("CASEAPP_INSTANCE", "instance")).resolve()
    host = env.get("HOST", "127.0.0.1")
    if kind == "demo" and host not in LOOPBACK:
        raise BadSettings("A demo only serves this machine: HOST must be 127.0.0.1.")
    held = _secrets(env)
    secret, keys = held["SECRET_KEY"], held["DATA_KEYS"]
    if kind != "production":
        # invented people only: fixed keys, so that a demo database can be opened again
        secret = secret or "demo-secret-for-invented-people-only"
        keys = keys or "1:" + hashlib.sha256(b"caseapp demo data key").hexdigest()
    if len(secret) < WEAK or len(set(secret)) < 8:
        raise BadSettings(
            "CASEAPP_SECRET_KEY is missing or too weak: set it to 32 or more random characters "
            "(`openssl rand -base64 32`) and keep it."
        )
    if not keys:
        raise BadSettings(
            "CASEAPP_DATA_KEYS is missing: set it (or CASEAPP_DATA_KEYS_FILE) to a key made by `openssl rand -base64 32` and keep a copy; "
            "without it the encrypted data cannot be read again."
        )
    database, figures = (
        env.get("CASEAPP_DATABASE_URL", f"sqlite:///{instance / f'{kind}.sqlite3'}"),
        env.get("CASEAPP_FIGURES_URL", ""),
    )
    if figures and (database.startswith("sqlite") or not figures.startswith("postgresql+psycopg://") or figures == database):
        raise BadSettings(
            "CASEAPP_FIGURES_URL is for PostgreSQL: the address of the same database under a login of its own, "
            "postgresql+psycopg://LOGIN:PASSWORD@HOST/DATABASE."
        )
    ring = data_keys(keys)
    index, seal = held["INDEX_KEY"], held["SEAL_KEY"]
    blind = tuple(_key_bytes(item.strip(), name="CASEAPP_BLIND_KEYS") for item in held["BLIND_KEYS"].split(",") if item.strip())
    try:
        port, workers, pool = int(env.get("PORT", "8000")), int(env.get("WORKERS", "1")), int(env.get("CASEAPP_POOL", "10"))
        proxies, exploration = int(env.get("CASEAPP_PROXIES", "0")), int(env.get("CASEAPP_EXPLORATION", "0"))
        timeouts = {name: int(env.get(f"CASEAPP_{name.upper()}", str(usual))) for name, usual in TIMEOUTS.items()}
        months = int(env.get("CASEAPP_TRAIL_MONTHS", "12"))
    except ValueError as error:
        raise BadSettings(
            "PORT, WORKERS, CASEAPP_POOL, CASEAPP_PROXIES, CASEAPP_EXPLORATION, CASEAPP_TRAIL_MONTHS, CASEAPP_STATEMENT_TIMEOUT, CASEAPP_LOCK_TIMEOUT and "
            "CASEAPP_IDLE_TIMEOUT must be whole numbers."
        ) from error
    if min(timeouts.values()) < 0:
        raise BadSettings(
            "CASEAPP_STATEMENT_TIMEOUT, CASEAPP_LOCK_TIMEOUT and CASEAPP_IDLE_TIMEOUT are milliseconds, 0 for none."
        )
    if months < LEAST_MONTHS:
        raise BadSettings(f"CASEAPP_TRAIL_MONTHS is {months}: the trail stays on line for {LEAST_MONTHS} months at least.")
    log, metrics = env.get("CASEAPP_LOG", "json" if kind == "production" else "text"), env.get("CASEAPP_METRICS_TOKEN", "")
    if log not in ("json", "text"):
        raise BadSettings(f"CASEAPP_LOG is {log!r}: use json or text.")
    if metrics and len(metrics) < WEAK:
        raise BadSettings("CASEAPP_METRICS_TOKEN is too short: set it to a token made by `openssl rand -hex 24`.")
    return Settings(
        env=kind,
        database_url=database,
        figures_url=figures,
        secret_key=secret,
        data_keys=ring,
        # own key for what is matched exactly; derived from the oldest data key unless given, so keep that one in the list
        index_key=_key_bytes(index, name="CASEAPP_INDEX_KEY")
        if index
        else hashlib.sha256(b"caseapp index key" + ring[-1][1]).digest(),
        host=host,
        port=port,
        workers=workers,
        pool=pool,
        proxies=proxies,
        exploration=max(exploration, 0),
        **timeouts,
        instance=instance,
        backups=Path(env["CASEAPP_BACKUPS"]).resolve() if env.get("CASEAPP_BACKUPS") else None,
        log=log,
        metrics_token=metrics,
        trail_months=months,
        seal_key=_key_bytes(seal, name="CASEAPP_SEAL_KEY") if seal else None,
        blind_keys=blind,
        keys_from=sources.source(env, "CASEAPP_DATA_KEYS") or "environment",
    )
