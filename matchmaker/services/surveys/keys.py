"""The key under which somebody's answers lie: nobody reads from it who they are.

It is a keyed hash of the person's number, with a key that is made of the site's secret for this
purpose only. It is the same in every wave, so that what the same people say can be compared, and
what somebody answered is found when they ask for it, take back a quote or erase themselves.

Whoever holds the secret can make the hash of a number too: the answers are pseudonymous to the
operator, and anonymous to leads and administrators. When the secret changes, the answers of before
belong to nobody any more. So a wave remembers under which secret it was opened (`key_mark`). With
another one it takes no more answers, its quotes are not shown, because nobody could take them back,
and it is compared with no later wave; its figures stay.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app

from matchmaker.models import SurveyWave

PURPOSE = b"survey answers"
MARK_LENGTH = 16


def person_key(user_id: int) -> str:
    """The key of a person, as 64 hexadecimal digits."""
    return _digest(f"person {user_id}")


def key_mark() -> str:
    """What tells the present secret from another one, and nothing else about it."""
    return _digest("mark")[:MARK_LENGTH]


def is_known(wave: SurveyWave) -> bool:
    """Whether the answers of `wave` can be told to be somebody's."""
    return wave.key_mark == key_mark()


def _digest(text: str) -> str:
    secret = str(current_app.secret_key).encode()
    key = hmac.digest(secret, PURPOSE, hashlib.sha256)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
