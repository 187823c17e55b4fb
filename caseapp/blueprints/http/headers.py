"""Response headers: strict content policy without inline script or style, no-store for all but hashed files."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=()",
}


def register(app: Flask) -> None:
    """Sets the headers on every answer and gives templates `static_url`."""
    app.after_request(_set)
    root = Path(app.static_folder or "")

    @cache
    def mark(name: str) -> str:
        return hashlib.sha256((root / name).read_bytes()).hexdigest()[:12]

    def static_url(name: str) -> str:
        """The address of a static file with its hash, so that it may be kept for ever."""
        return url_for("static", filename=name, v=mark(name))

    app.jinja_env.globals["static_url"] = static_url


def _set(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    _hide_server(response)
    return response


def _hide_server(response: Any) -> None:
    response.headers.pop("Server", None)
