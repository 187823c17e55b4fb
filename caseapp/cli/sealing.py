"""Keeps the trail sealed while a process serves: a thread that looks every few seconds."""

import logging
import threading
import time
from typing import Any

from sqlalchemy.exc import DBAPIError

from caseapp.services.trust import seal

log = logging.getLogger("caseapp")


def start(app: Any) -> threading.Thread:
    """Starts it; it ends with the process."""
    thread = threading.Thread(target=_run, args=(app,), name="sealer", daemon=True)
    thread.start()
    return thread


def _run(app: Any) -> None:
    while True:
        time.sleep(seal.PAUSE)
        try:
            with app.app_context():
                seal.seal_all()
        except DBAPIError as error:  # the database is away: what waits is sealed once it is back
            log.warning("the trail could not be sealed: %s", type(error.orig).__name__)
