"""A real SMTP server in a thread, which keeps what it is given or refuses as it is told."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Mailbox:
    """What arrived; `answers` are given, one a mail, instead of taking it.

    `seconds_before` and `seconds_after` are how long it takes over each mail, before it has it and
    before it says so.
    """

    port: int = 0
    seconds_before: float = 0.0
    seconds_after: float = 0.0
    arrived: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        await asyncio.sleep(self.seconds_before)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.raw.append(envelope.content)
        self.arrived.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        await asyncio.sleep(self.seconds_after)
        return "250 OK"


class _FreePort(Controller):
    """aiosmtpd's controller asks the port it was given whether it answers; ours is known later."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_smtp(**options: Any) -> Iterator[Mailbox]:
    """Run a server on a free loopback port until the block is left."""
    mailbox = Mailbox()
    controller = _FreePort(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
