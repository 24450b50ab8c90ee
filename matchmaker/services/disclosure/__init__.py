"""Disclosure control: how figures about people are protected before anybody else sees them.

`rule` says how a single figure is shown. A set of figures that add up to one another goes through
`publish`, which withholds more where the sums would give a hidden figure away, and lets `audit`
attack the result before it goes out. Percentages come from what is shown.
"""

from matchmaker.services.disclosure.attack import Range
from matchmaker.services.disclosure.auditing import Audit, audit
from matchmaker.services.disclosure.figures import Shown
from matchmaker.services.disclosure.publishing import NotPublishable, publish
from matchmaker.services.disclosure.rule import protect, share, shown, shown_share

__all__ = [
    "Audit",
    "NotPublishable",
    "Range",
    "Shown",
    "audit",
    "protect",
    "publish",
    "share",
    "shown",
    "shown_share",
]
