"""The one place that ends a request's transaction: unsafe and successful commits, everything else rolls back."""

import logging
import time
from typing import Any

from flask import Flask, Response, g, request, session
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from caseapp.access.system import drop_side_writes, run_side_writes
from caseapp.adapters import metrics
from caseapp.blueprints.http import once, unfinished
from caseapp.blueprints.http.guard import access_of
from caseapp.blueprints.http.request import CaseRequest
from caseapp.core import trace
from caseapp.core.errors import Unavailable
from caseapp.extensions import db, intent
from caseapp.services.trust import audit

log = logging.getLogger("caseapp")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CaseFlask(Flask):
    """Flask with a transaction per request (architecture.md section 7)."""

    request_class = CaseRequest

    def preprocess_request(self) -> Any:
        """Says what the transaction is for before anything touches the database."""
        g.begun = time.monotonic()
        trace.begin(request.headers.get("X-Request-Id") if self.config["SETTINGS"].proxies else None)
        access = access_of(request.endpoint)
        reads = request.method in SAFE_METHODS or (access is not None and access.reading)
        g.writes = not reads
        intent.set("read" if reads else "write")
        drop_side_writes()
        audit.begin(db.session, endpoint=request.endpoint)
        return super().preprocess_request()

    def dispatch_request(self) -> Response:
        """Carries the request out; once more when somebody else saved between its reading and its writing.

        The second time the other's version is in sight, so that the answer is an honest conflict with the text kept, and
        not only the news that the database refused.
        """
        if request.endpoint == "static":
            return self.make_response(super().dispatch_request())
        flashes = list(session.get("_flashes", ()))
        try:
            return self._carry_out()
        except (StaleDataError, IntegrityError):
            db.session.rollback()
            drop_side_writes()
            audit.begin(db.session, endpoint=request.endpoint)
            if "_flashes" in session or flashes:
                session["_flashes"] = flashes
            return self._carry_out()

    def _carry_out(self) -> Response:
        """Runs the view, then commits or rolls back, then makes the side writes; the body is not sent yet."""
        repeated = once.answer_again()
        if repeated is not None:
            response = self.make_response(repeated)
            g.writes = False
        else:
            response = self.make_response(super().dispatch_request())
        if g.writes and response.status_code < 400:
            once.remember(response)
            unfinished.forget()
            db.session.commit()
            audit.note_reads(db.session, response.status_code)  # a PATCH that changed nothing still showed its row
        else:
            response = self._undone(response)
        write_beside()
        return response

    def _undone(self, response: Response) -> Response:
        """Nothing is written. A form that was refused because its own twin was first shows what the twin was answered."""
        audit.note_reads(db.session, response.status_code)
        db.session.rollback()
        if response.status_code == 409 and g.writes and g.get("once_key"):
            repeated = once.answer_again()
            if repeated is not None:
                response = self.make_response(repeated)
                audit.note_reads(db.session, response.status_code)
            db.session.rollback()
        return response


def account_for(response: Response) -> Response:
    """Counts the request and writes its line: who asked and for whom is the trail's business, not the log's."""
    seconds = time.monotonic() - g.get("begun", time.monotonic())
    part = (request.endpoint or "none").partition(".")[0]
    metrics.answered(part, request.method, response.status_code, seconds)
    if part != "static":
        facts = {
            "endpoint": request.endpoint,
            "method": request.method,
            "status": response.status_code,
            "ms": round(1000 * seconds),
        }
        log.info("%s %s %s", request.method, request.endpoint, response.status_code, extra={"facts": facts})
    response.headers["X-Request-Id"] = trace.request_id()
    return response


def write_beside() -> None:
    """Makes the side writes. Raises Unavailable where one fails: an answer whose read entry is missing must not be sent."""
    try:
        run_side_writes()
    except DBAPIError as error:
        log.error("side writes failed in %s: %s", request.endpoint, type(error.orig).__name__)
        raise Unavailable() from error
