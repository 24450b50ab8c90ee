"""The made-up example by which the rule is explained, worked out by the rule itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.services.disclosure.publishing import publish
from matchmaker.services.disclosure.rule import shown


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """What was counted, what the first rule makes of it, and what is published."""

    label: str
    count: int
    by_rule: str
    published: str


def worked_example() -> list[ExampleRow]:
    """Two parts and their total, in which the small part would be given away."""
    labels = {
        "physiotherapist": _("Asked by physiotherapists"),
        "dietitian": _("Asked by dietitians"),
        "podiatrist": _("Asked by podiatrists"),
        "all": _("Asked by all of them"),
    }
    counts = {"physiotherapist": 12, "dietitian": 7, "podiatrist": 0, "all": 19}
    parts = [key for key in counts if key != "all"]
    published = publish(counts, [("all", parts)])
    return [
        ExampleRow(labels[key], count, shown(count), published[key].text)
        for key, count in counts.items()
    ]
