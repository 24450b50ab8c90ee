"""The app as it runs in development, where `/dev/mail` shows what was sent."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from matchmaker.config import Environment, Settings
from tests.servers.web import LiveServer, running_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(scope="session")
def development_settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, environment=Environment.DEVELOPMENT)


@pytest.fixture(scope="session")
def development_server(
    shared_app: Flask, development_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One gunicorn for each database, with every route the app can have."""
    folder = tmp_path_factory.mktemp("development")
    with running_web(development_settings, folder) as server:
        yield server
