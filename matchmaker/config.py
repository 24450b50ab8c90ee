"""Typed settings, read once from the environment.

Production is the default and refuses to start without a secret key and an explicit database, so
that a forgotten variable is an error at start and never a weak site.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


class Environment(StrEnum):
    """Where the app runs. Development has demo sign-ins and `/dev/mail`; nothing else does."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TESTING = "testing"


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How the outbox sends: through SMTP, or printed on the console when `host` is None."""

    host: str | None = None
    port: int = 25
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    use_starttls: bool = False
    timeout_seconds: float = 20.0
    sender: str = "Matchmaker <no-reply@matchmaker.invalid>"


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who runs this copy, as the privacy notice has to say."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the app may be told from outside.

    `public_url` is the address people reach the site at; links in mail start with it, because a job
    that sends mail has no request to read it from. `import_hosts` are the only websites that lists
    are read from by their address.
    """

    environment: Environment
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    instance_path: Path = PROJECT_ROOT / "instance"
    public_url: str = "http://127.0.0.1:8000"
    operator: Operator | None = None
    mail: MailSettings = MailSettings()
    trusted_proxies: int = 0
    import_hosts: frozenset[str] = frozenset({"api.aliss.org"})

    @property
    def is_development(self) -> bool:
        """Whether demo sign-ins and `/dev/mail` exist."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def has_secure_cookies(self) -> bool:
        """Cookies are `Secure` and `__Host-` wherever the site is served over HTTPS."""
        return self.environment is Environment.PRODUCTION


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings from environment variables; an empty one counts as not set.

    Raises:
        ConfigurationError: A variable is missing or cannot be read.
    """
    given = os.environ if environ is None else environ
    values = {name: value for name, value in given.items() if value}
    environment = _environment(values)
    instance_path = Path(
        values.get("MATCHMAKER_INSTANCE", str(PROJECT_ROOT / "instance"))
    ).resolve()
    port = values.get("PORT", "8000")
    return Settings(
        environment=environment,
        secret_key=_secret_key(values, environment, instance_path),
        database_url=_database_url(values, environment, instance_path),
        instance_path=instance_path,
        public_url=_public_url(values, environment, port),
        operator=_operator(values),
        mail=_mail(values, environment),
        trusted_proxies=_whole_number(values, "TRUSTED_PROXIES", 0),
        import_hosts=_hosts(values, "IMPORT_HOSTS", Settings.import_hosts),
    )


def _environment(values: Mapping[str, str]) -> Environment:
    name = values.get("MATCHMAKER_ENV", Environment.PRODUCTION)
    try:
        return Environment(name)
    except ValueError:
        allowed = ", ".join(Environment)
        raise ConfigurationError(
            f"MATCHMAKER_ENV is {name!r}; it must be one of {allowed}."
        ) from None


def _secret_key(values: Mapping[str, str], environment: Environment, instance_path: Path) -> str:
    key = values.get("SECRET_KEY", "")
    if key:
        if environment is Environment.PRODUCTION and len(key) < 32:
            raise ConfigurationError("SECRET_KEY is too short; use 32 characters or more.")
        return key
    if environment is Environment.PRODUCTION:
        raise ConfigurationError(
            "SECRET_KEY is not set. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return _development_key(instance_path)


def _development_key(instance_path: Path) -> str:
    """Keep one generated key beside the development database, so a restart signs nobody out."""
    path = instance_path / "development-secret-key"
    instance_path.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def _database_url(values: Mapping[str, str], environment: Environment, instance_path: Path) -> str:
    url = values.get("DATABASE_URL", "")
    if not url:
        if environment is Environment.PRODUCTION:
            raise ConfigurationError(
                "DATABASE_URL is not set. For PostgreSQL: postgresql://user:password@host/name. "
                "For SQLite: sqlite:////absolute/path/matchmaker.sqlite"
            )
        url = f"sqlite:///{instance_path / 'matchmaker.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _public_url(values: Mapping[str, str], environment: Environment, port: str) -> str:
    url = values.get("PUBLIC_URL", "")
    if not url:
        if environment is Environment.PRODUCTION:
            raise ConfigurationError(
                "PUBLIC_URL is not set. It is the address people use, for links in mail: "
                "https://matchmaker.example"
            )
        url = f"http://127.0.0.1:{port}"
    return url.rstrip("/")


def _operator(values: Mapping[str, str]) -> Operator | None:
    name, email = values.get("OPERATOR_NAME", ""), values.get("OPERATOR_EMAIL", "")
    if bool(name) != bool(email):
        raise ConfigurationError("Set both OPERATOR_NAME and OPERATOR_EMAIL, or neither.")
    return Operator(name=name, email=email) if name else None


def _mail(values: Mapping[str, str], environment: Environment) -> MailSettings:
    host = values.get("SMTP_HOST")
    if environment is Environment.PRODUCTION and host is None:
        raise ConfigurationError("SMTP_HOST is not set; without it no mail could be sent.")
    return MailSettings(
        host=host,
        port=_whole_number(values, "SMTP_PORT", 25),
        username=values.get("SMTP_USERNAME"),
        password=values.get("SMTP_PASSWORD"),
        use_starttls=_yes_or_no(values, "SMTP_STARTTLS"),
        sender=values.get("MAIL_SENDER", MailSettings.sender),
    )


def _hosts(values: Mapping[str, str], name: str, default: frozenset[str]) -> frozenset[str]:
    text = values.get(name)
    if text is None:
        return default
    hosts = frozenset(filter(None, (each.strip().casefold() for each in text.split(","))))
    for host in hosts:
        if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*", host):
            raise ConfigurationError(
                f"{name}: {host!r} is no name of a website, such as api.aliss.org."
            )
    return hosts


def _whole_number(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise ConfigurationError(f"{name} is {text!r}; it must be a whole number.")
    return int(text)


def _yes_or_no(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "").casefold()
    if text in {"1", "true", "yes", "on"}:
        return True
    # A misspelt yes must not switch encryption off.
    if text not in {"", "0", "false", "no", "off"}:
        raise ConfigurationError(f"{name} is {values[name]!r}; it must be yes or no.")
    return False
