"""The app as a web server loads it: from the environment, or not at all."""

from __future__ import annotations

import runpy

import pytest

from matchmaker.config import ConfigurationError


@pytest.fixture
def load(monkeypatch):
    """Load the module with these variables and no other of ours."""

    def load(**variables):
        for name in ("DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "SMTP_HOST"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("matchmaker.wsgi")["app"]

    return load


def test_app_of_the_environment_serves(load, tmp_path):
    app = load(MATCHMAKER_ENV="testing", MATCHMAKER_INSTANCE=str(tmp_path))
    assert app.test_client().get("/healthz").status_code == 200
    assert app.instance_path == str(tmp_path)


def test_web_server_does_not_start_without_its_settings(load):
    with pytest.raises(ConfigurationError, match="SECRET_KEY is not set"):
        load(MATCHMAKER_ENV="production")
