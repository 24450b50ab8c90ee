"""What can go wrong in the rules, each with a sentence a person can read."""

from __future__ import annotations


class DomainError(Exception):
    """A rule said no. `str(error)` is a plain sentence for the page."""


class FieldError(DomainError):
    """One answer cannot be taken; `field` names it, for the form to show the sentence beside it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StaleVersion(DomainError):
    """Someone else saved the same thing in the meantime."""


class LinkUnusable(DomainError):
    """A mailed link is expired, used, tampered with or meant for something else."""


class NoPlacesLeft(DomainError):
    """A programme has no place left this month."""


class AlreadyAnswered(DomainError):
    """The introduction has moved on; this answer changes nothing."""


class AlreadyIntroduced(DomainError):
    """The two have an open introduction already."""


class Throttled(DomainError):
    """Too many failed attempts; `retry_after_seconds` says when to try again."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
