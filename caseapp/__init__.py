"""caseapp: case management for township and street social-work stations."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from caseapp import config
from caseapp.access import guard as _row_guard  # noqa: F401 - hangs the row rules on the session
from caseapp.access import outside as _wall  # noqa: F401 - hangs itself on every connection
from caseapp.adapters import figures, keys, logs, queue, rights
from caseapp.blueprints import all_blueprints
from caseapp.blueprints.http import acts, errors, filters, guard, headers, people, shell, unfinished, visitor
from caseapp.blueprints.http.dispatch import CaseFlask, account_for
from caseapp.extensions import babel, compress, csrf, db, login, migrate

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: config.Settings | None = None, *, serving: bool = False) -> Flask:
    """Settings → extensions → row guard → doors → blueprints → errors. No rules here.

    `serving`: whether requests of people wait for it, so that the database cuts off what takes too long; a command's work may.
    """
    settings = settings or config.from_environment()
    figures.configure(settings.database_url, settings.figures_url)
    keys.configure(settings.data_keys, settings.index_key, settings.seal_key, settings.blind_keys)
    queue.configure(immediate=settings.env != "production")
    logs.configure(settings.log)
    app = CaseFlask(__name__)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="caseapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_reached_over_https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # bound to the session cookie, which ends by itself
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        API_TITLE="caseapp",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
    )
    if settings.proxies:
        # the visitor's own address, which the lock-out counts by; nothing else a proxy may claim is believed
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.is_sqlite:
        settings.instance.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        rights.attach(db.engine, settings.timeouts if serving else {})
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=shell.language)
    csrf.init_app(app)
    login.init_app(app, add_context_processor=False)
    compress.init_app(app)
    app.after_request(account_for)
    app.before_request(visitor.recognise)
    app.before_request(guard.check_door)
    for extension in (headers, shell, filters, people, acts, unfinished, errors, all_blueprints):
        extension.register(app)
    return app


def _engine_options(settings: config.Settings) -> dict[str, object]:
    if settings.is_sqlite:
        return {"connect_args": {"check_same_thread": False}}
    return {"pool_size": settings.pool, "max_overflow": settings.pool, "pool_pre_ping": True}
