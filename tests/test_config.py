"""Settings as the environment gives them, and what production will not start without."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from matchmaker.config import (
    PROJECT_ROOT,
    ConfigurationError,
    Environment,
    MailSettings,
    Operator,
    load_settings,
)

KEY = "k" * 32
PRODUCTION = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://user:password@host/name",
    "PUBLIC_URL": "https://matchmaker.example",
    "SMTP_HOST": "mail.example",
}


@pytest.fixture
def development(tmp_path):
    """What a developer sets: next to nothing, here with an instance folder of its own."""
    return {"MATCHMAKER_ENV": "development", "MATCHMAKER_INSTANCE": str(tmp_path / "instance")}


def test_production_is_the_default_and_starts_with_four_variables():
    settings = load_settings(PRODUCTION)
    assert settings.environment is Environment.PRODUCTION
    assert settings.has_secure_cookies
    assert not settings.is_development
    assert settings.secret_key == KEY
    assert settings.public_url == "https://matchmaker.example"
    assert settings.instance_path == PROJECT_ROOT / "instance"
    assert settings.operator is None
    assert settings.mail == MailSettings(host="mail.example")
    assert settings.trusted_proxies == 0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SECRET_KEY", "SECRET_KEY is not set. Make one with: python3 -c"),
        ("DATABASE_URL", "DATABASE_URL is not set. For PostgreSQL: postgresql://user:password@"),
        ("PUBLIC_URL", "PUBLIC_URL is not set. It is the address people use"),
        ("SMTP_HOST", "SMTP_HOST is not set; without it no mail could be sent."),
    ],
)
def test_production_refuses_to_start_without_any_of_them(name, sentence):
    rest = {each: value for each, value in PRODUCTION.items() if each != name}
    for given in (rest, {**rest, name: ""}):
        with pytest.raises(ConfigurationError) as refusal:
            load_settings(given)
        assert str(refusal.value).startswith(sentence)


def test_production_refuses_a_secret_key_that_could_be_guessed():
    with pytest.raises(ConfigurationError, match="use 32 characters or more"):
        load_settings({**PRODUCTION, "SECRET_KEY": KEY[:-1]})


@pytest.mark.parametrize("name", ["Production", "staging", "dev"])
def test_environment_that_does_not_exist_is_refused_with_those_that_do(name):
    with pytest.raises(ConfigurationError) as refusal:
        load_settings({**PRODUCTION, "MATCHMAKER_ENV": name})
    assert str(refusal.value) == (
        f"MATCHMAKER_ENV is '{name}'; it must be one of production, development, testing."
    )


def test_development_needs_nothing_else(development):
    settings = load_settings(development)
    folder = Path(development["MATCHMAKER_INSTANCE"])
    assert settings.is_development
    assert not settings.has_secure_cookies
    assert settings.database_url == f"sqlite:///{folder / 'matchmaker.sqlite'}"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.mail.host is None


def test_development_keeps_the_key_it_made_where_only_its_owner_reads_it(development):
    settings = load_settings(development)
    file = settings.instance_path / "development-secret-key"
    assert file.read_text() == settings.secret_key
    assert len(settings.secret_key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_settings(development).secret_key == settings.secret_key


def test_two_folders_have_two_development_keys(development, tmp_path):
    other = {**development, "MATCHMAKER_INSTANCE": str(tmp_path / "other")}
    assert load_settings(development).secret_key != load_settings(other).secret_key


def test_development_takes_a_key_of_any_length_and_then_keeps_none(development):
    settings = load_settings({**development, "SECRET_KEY": "short"})
    assert settings.secret_key == "short"
    assert not settings.instance_path.exists()


def test_instance_folder_is_understood_from_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings({**PRODUCTION, "MATCHMAKER_INSTANCE": "here"})
    assert settings.instance_path == tmp_path.resolve() / "here"


def test_port_is_part_of_the_address_that_development_assumes(development):
    assert load_settings({**development, "PORT": "8123"}).public_url == "http://127.0.0.1:8123"
    assert load_settings({**PRODUCTION, "PORT": "8123"}).public_url == PRODUCTION["PUBLIC_URL"]


def test_slash_at_the_end_of_the_public_address_is_taken_off():
    settings = load_settings({**PRODUCTION, "PUBLIC_URL": "https://matchmaker.example/"})
    assert settings.public_url == "https://matchmaker.example"


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgres://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql+psycopg://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("sqlite:////data/matchmaker.sqlite", "sqlite:////data/matchmaker.sqlite"),
    ],
)
def test_database_is_reached_through_the_driver_that_is_installed(given, understood):
    assert load_settings({**PRODUCTION, "DATABASE_URL": given}).database_url == understood


def test_operator_is_named_with_an_address():
    names = {"OPERATOR_NAME": "NHS Fife", "OPERATOR_EMAIL": "data@fife.example"}
    assert load_settings({**PRODUCTION, **names}).operator == Operator(
        name="NHS Fife", email="data@fife.example"
    )


@pytest.mark.parametrize("name", ["OPERATOR_NAME", "OPERATOR_EMAIL"])
def test_half_an_operator_is_refused(name):
    with pytest.raises(ConfigurationError, match="both OPERATOR_NAME and OPERATOR_EMAIL"):
        load_settings({**PRODUCTION, name: "NHS Fife"})


def test_mail_is_sent_as_the_variables_say():
    settings = load_settings(
        {
            **PRODUCTION,
            "SMTP_PORT": "587",
            "SMTP_USERNAME": "matchmaker",
            "SMTP_PASSWORD": "a secret",
            "SMTP_STARTTLS": "1",
            "MAIL_SENDER": "Matchmaker <hello@matchmaker.example>",
        }
    )
    assert settings.mail == MailSettings(
        host="mail.example",
        port=587,
        username="matchmaker",
        password="a secret",
        use_starttls=True,
        sender="Matchmaker <hello@matchmaker.example>",
    )


@pytest.mark.parametrize(
    ("given", "is_used"), [("True", True), ("on", True), ("0", False), ("", False)]
)
def test_starttls_is_switched_on_in_words_too(given, is_used):
    assert load_settings({**PRODUCTION, "SMTP_STARTTLS": given}).mail.use_starttls is is_used


def test_misspelt_starttls_is_an_error_and_not_a_no():
    with pytest.raises(ConfigurationError, match=r"SMTP_STARTTLS is 'ja'; it must be yes or no"):
        load_settings({**PRODUCTION, "SMTP_STARTTLS": "ja"})


def test_trusted_proxies_are_counted():
    assert load_settings({**PRODUCTION, "TRUSTED_PROXIES": "2"}).trusted_proxies == 2


@pytest.mark.parametrize("name", ["TRUSTED_PROXIES", "SMTP_PORT"])
@pytest.mark.parametrize("given", ["two", "-1", "1.5", "²"])
def test_what_is_no_whole_number_is_refused_by_name(name, given):
    with pytest.raises(ConfigurationError) as refusal:
        load_settings({**PRODUCTION, name: given})
    assert str(refusal.value) == f"{name} is {given!r}; it must be a whole number."


@pytest.mark.parametrize(
    "name",
    [
        *("MATCHMAKER_ENV", "MATCHMAKER_INSTANCE", "OPERATOR_NAME", "OPERATOR_EMAIL", "PORT"),
        *("SMTP_PORT", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_STARTTLS", "MAIL_SENDER"),
        "TRUSTED_PROXIES",
    ],
)
def test_variable_that_is_empty_counts_as_not_set(name):
    assert load_settings({**PRODUCTION, name: ""}) == load_settings(PRODUCTION)


def test_secrets_are_not_shown_where_settings_are_printed():
    shown = repr(load_settings({**PRODUCTION, "SMTP_PASSWORD": "a secret"}))
    for secret in (KEY, "a secret", "user:password"):
        assert secret not in shown


def test_settings_are_read_from_the_process_unless_others_are_given(monkeypatch):
    monkeypatch.delenv("MATCHMAKER_ENV", raising=False)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert load_settings().secret_key == KEY
    assert load_settings({**PRODUCTION, "SECRET_KEY": "x" * 32}).secret_key == "x" * 32


def test_lists_are_imported_from_the_websites_that_are_named():
    settings = load_settings(
        {"MATCHMAKER_ENV": "development", "IMPORT_HOSTS": " a.example, B.org "}
    )
    assert settings.import_hosts == {"a.example", "b.org"}


def test_website_that_is_none_is_refused():
    with pytest.raises(ConfigurationError, match="IMPORT_HOSTS"):
        load_settings({"MATCHMAKER_ENV": "development", "IMPORT_HOSTS": "https://a.example"})
