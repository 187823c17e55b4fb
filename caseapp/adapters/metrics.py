"""Numbers for Prometheus, of all worker processes together: requests by part, method and outcome; how long; the pool.

Parts are blueprints and outcomes are status codes: nothing of an address, a user or a person is a label.
"""

import os
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name of the folder that workers share
SECONDS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 1.0, 2.0, 5.0, 10.0)

_requests = Counter("caseapp_requests_total", "Requests answered", ("part", "method", "status"))
_seconds = Histogram("caseapp_request_seconds", "Seconds until an answer was ready", ("part",), buckets=SECONDS)
_open = Gauge("caseapp_database_connections", "Connections to the database in use", multiprocess_mode="livesum")

MEDIA = CONTENT_TYPE_LATEST


def share(folder: Path) -> None:
    """Lets the workers that this process starts count together; called before they start. What was counted before is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[SHARED] = str(folder)


def answered(part: str, method: str, status: int, seconds: float) -> None:
    """One request was answered."""
    _requests.labels(part, method, str(status)).inc()
    _seconds.labels(part).observe(seconds)


def text(connections: int) -> bytes:
    """Everything counted, as Prometheus reads it; `connections` of this process are in use."""
    _open.set(connections)
    if SHARED not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
