"""Matchmaker introduces allied health professionals to voluntary organisations, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from matchmaker.config import PROJECT_ROOT, Environment, Settings, load_settings
from matchmaker.extensions import engine_options, init_database

if TYPE_CHECKING:
    from pathlib import Path


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from `settings`, or from the environment when none are given.

    Raises:
        ConfigurationError: The environment lacks a setting the app cannot do without.
        UndeclaredRoute: A view has no access rule.
    """
    # Imported here so that `import matchmaker.engine` never pays for the web.
    from matchmaker import cli, logs, web  # noqa: PLC0415

    settings = load_settings() if settings is None else settings
    logs.configure(settings)
    app = Flask(
        "matchmaker",
        instance_path=str(settings.instance_path),
        template_folder=str(_assets("templates")),
        static_folder=str(_assets("static") / "build"),
        static_url_path="/assets",
    )
    app.extensions["settings"] = settings
    app.config.from_mapping(_flask_configuration(settings))
    init_database(app)
    web.init_app(app)
    cli.init_app(app)
    return app


def _flask_configuration(settings: Settings) -> dict[str, object]:
    prefix = "__Host-" if settings.has_secure_cookies else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment is Environment.TESTING,
        "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MIGRATIONS_DIRECTORY": str(_assets("migrations")),
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_SECURE": settings.has_secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en_GB",
        "BABEL_DEFAULT_TIMEZONE": "Europe/London",
    }


def _assets(name: str) -> Path:
    """Find a folder of files inside an installed package, or beside it in a checkout."""
    inside = PROJECT_ROOT / "matchmaker" / name
    return inside if inside.is_dir() else PROJECT_ROOT / name
