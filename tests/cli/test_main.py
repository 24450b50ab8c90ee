"""The `matchmaker` command itself: when it builds the app, and what it says when it cannot."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from matchmaker.cli import main
from matchmaker.vocabulary import load_vocabulary


@pytest.fixture
def run(tmp_path):
    """Run `matchmaker` in an environment that names no setting but these."""

    def run(*arguments, **variables):
        nothing = dict.fromkeys(("DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "SMTP_HOST"))
        environment = {"MATCHMAKER_INSTANCE": str(tmp_path), **nothing, **variables}
        return CliRunner().invoke(main, arguments, env=environment)

    return run


def test_command_that_needs_the_app_says_which_setting_is_missing(run):
    result = run("explain", "1", "1", MATCHMAKER_ENV="production")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "SECRET_KEY is not set. Make one with" in result.stderr


def test_command_on_files_needs_no_setting(run):
    result = run("vocabulary", "check", MATCHMAKER_ENV="production")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"conditions: {len(load_vocabulary().conditions)}\n" in result.stdout


def test_commands_of_flask_work_on_the_app_of_the_environment(run):
    result = run("routes", MATCHMAKER_ENV="testing")
    assert result.exit_code == 0
    assert "/healthz" in result.stdout
