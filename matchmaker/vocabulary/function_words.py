"""English words that carry grammar and no topic."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("data") / "function_words.txt"


@cache
def function_words() -> frozenset[str]:
    """Return the words that say nothing of what a text is about, in lower case.

    A contraction is there in the pieces that a cut at its apostrophe leaves.
    """
    lines = _FILE.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
