"""Figures in which nobody can be picked out.

The rule, everywhere and at every level: 0 is shown, 1 to 7 is hidden, everything else is rounded to
the nearest 5, and percentages come from rounded figures only. Hiding what is below 5 alone leaks:
whoever knows a total and all parts but one knows the last, exactly. With rounded totals and parts
they do not. Each figure goes through `protect` once, when it is shown; sums are made of the real
figures first, so that what is hidden in the parts is not lost in the whole.
"""

from __future__ import annotations

HIDDEN_UP_TO = 7
ROUNDED_TO = 5
HIDDEN = "*"


def protect(count: int) -> int | None:
    """What may be shown of a count of people or of what they did.

    Returns:
        0 for 0, None (which is shown as ``*``) for 1 to 7, else the nearest multiple of 5.

    Raises:
        ValueError: It is negative, so that it is no count.
    """
    if count < 0:
        raise ValueError(f"{count} is no count.")
    if count == 0:
        return 0
    if count <= HIDDEN_UP_TO:
        return None
    # A whole number is never halfway between two multiples of 5.
    return ROUNDED_TO * round(count / ROUNDED_TO)


def shown(count: int) -> str:
    """A count as a table shows it."""
    protected = protect(count)
    return HIDDEN if protected is None else str(protected)


def share(part: int, whole: int) -> int | None:
    """How many of a hundred, from the protected figures; None where one of them is hidden, or 0."""
    protected_part, protected_whole = protect(part), protect(whole)
    if protected_part is None or not protected_whole:
        return None
    # Rounding may make the part larger than the whole.
    return min(100, round(100 * protected_part / protected_whole))


def shown_share(part: int, whole: int) -> str:
    """A share as a table shows it, such as ``40%``; empty where it must not be shown."""
    percentage = share(part, whole)
    return "" if percentage is None else f"{percentage}%"
