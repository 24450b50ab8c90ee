"""Where a text says what is *not* done, so that its words are not taken for an offer.

Rules over cue phrases with a bounded reach, in the manner of NegEx (Chapman et al. 2001), with the
cues of people who describe services. Sentences about the people helped ("who cannot support
themselves", "unable to work because of illness") are no refusals.
"""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

# Characters a cue may govern: enough for a list, too few to lose the rest of a long legal sentence.
_REFUSAL_REACH = 200
_EXCEPTION_REACH = 100
_LOOK_BACK = 200

_HINT = re.compile(
    r"\bnot\b|cannot|n['\u2019]t\b|unable|no longer|never|referral|except|exclu"
    r"|other\s+than|apart\s+f|rather\s+than|instead\s+of|no\s+(?:capacity|experience|expertise|places|room|space)",
    re.IGNORECASE,
)

_SERVICE_VERB = (
    r"(?:work(?:ing)?\s+with|support(?:ing)?|tak(?:e|ing)(?:\s+on)?|accept(?:ing)?|offer(?:ing)?"
    r"|provid(?:e|ing)|cover(?:ing)?|help(?:ing)?|treat(?:ing)?|run(?:ning)?|cater(?:ing)?\s+for"
    r"|see(?:ing)?\s+(?:people|patients|clients|children|adults|anyone|those)|includ(?:e|ing)"
    r"|deal(?:ing)?\s+with|deliver(?:ing)?|assist(?:ing)?|serv(?:e|ing)|admit(?:ting)?|do(?:ing)?"
    r"|host(?:ing)?|look(?:ing)?\s+for|want|need|seek(?:ing)?|interested\s+in|work(?:ing)?\s+(?:in|on)"
    r"|hav(?:e|ing)\s+(?:any\s+|the\s+)?(?:capacity|experience|expertise|places|room|space|staff)"
    r"|(?:trained|experienced|qualified|commissioned|funded)\s+(?:in|for|to|with))"
)
_FILLER = (
    r"(?:\s+(?:able|also|at|a|any|be|been|being|commissioned|currently|directly|equipped|funded"
    r"|generally|hoping|in|intend|longer|moment|normally|now|plan|position|prepared|present|really"
    r"|set|the|to|trained|up|usually|willing|wish|yet)){0,6}"
)
_REFUSAL = re.compile(
    r"\b(?:not|cannot|(?:ca|could|did|do|does|wo|would|are|is)n['\u2019]t|unable|no\s+longer|never)"
    + _FILLER
    + r"\s+"
    + _SERVICE_VERB
    + r"\b"
    r"(?!\s+(?:part|only|just|merely|so|solely|to|themselves|himself|herself|for\s+themselves)\b)"
    r"|\bno\s+(?:[\w-]+\s+){0,4}referrals?\b",
    re.IGNORECASE,
)
# What follows "but not" when nothing is refused: "but not limited to", "but not so as to limit",
# "but not by way of limitation", "not for profit".
_NO_REFUSAL = (
    r"(?!\s+(?:all|always|as|at|be|been|being|by|exclusive|in|just|least|merely|necessarily|only|so"
    r"|simply|solely|to|under|without|yet|\w+ed|\w+ly|\w+wise|\w+ing"
    r"|for\s+(?:profit|personal|private|gain))\b)"
)
_EXCEPTION = re.compile(
    r"\bexcept(?:ing)?(?:\s+for)?\b"
    r"|\bwith\s+the\s+exception\s+of\b"
    r"|\bother\s+than\b"
    r"|\bapart\s+from\b(?!\s+\w+ing\b)"
    r"|\b(?:rather\s+than|instead\s+of)\b"
    r"|(?<!\bby )(?<!\bnot )(?<!\bwithout )(?<!\bfrom )\bexcluding\b"
    r"|\b(?:we|it|this|charity|service|programme|project|group|team|trust|offer)\s+(?:currently\s+)?excludes?\b"
    r"|(?:\bbut\s+|,\s+|\(\s*)not\b" + _NO_REFUSAL +
    r"|\bnot\s+(?:including|suitable\s+for|appropriate\s+for|aimed\s+at|open\s+to"
    r"|(?:designed|intended|meant|available)\s+for|available\s+to)\b"
    r"|\bnot\s+for\s+(?:people|those|anyone|adults|children|patients)\b"
    r"|\b(?:is|are|am)\s+not\s+an?\b"
    r"|\bno\s+(?:capacity|experience|expertise|places|room|space)\s+(?:for|in|of|to|with)\b",
    re.IGNORECASE,
)  # fmt: skip
_REFUSED = re.compile(
    r"\b(?:is|are)\s+(?:currently\s+|also\s+)?(?:"
    r"not\s+(?:currently\s+)?(?:covered|included|supported|offered|accepted|part\s+of|something\s+we)"
    r"|no\s+longer\s+(?:covered|included|supported|offered|accepted)"
    r"|excluded(?=\s*(?:[.;,)]|$|from\s+(?:our|this)\b)))",
    re.IGNORECASE,
)

_SENTENCE_END = r"[.;!?](?=\s|$)|\n\s*\n|\n\s*[-*\u2022]"
_CONTRAST = r"\b(?:but|however|although|though|instead|whereas|while)\b"
_SCOPE_END = re.compile(
    _SENTENCE_END
    + "|"
    + _CONTRAST
    + r"|\b(?:we|they|unless|until|because|due\s+to|owing\s+to|except|other\s+than|apart\s+from)\b",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(_SENTENCE_END + "|" + _CONTRAST + r"|\bwe\b", re.IGNORECASE)
_BRACKET = re.compile(r"[()]")
# The people described, not the service: "those who are unable to …", "if you cannot …".
_ABOUT_PEOPLE = re.compile(r"\b(?:who|whose|which|those|persons|you)\b", re.IGNORECASE)


def negated_spans(text: str) -> list[tuple[int, int]]:
    """Return the character ranges, in order of their start, whose mentions the text takes back."""
    if not _HINT.search(text):
        return []
    clauses = _Clauses(text)
    refusals = [
        clauses.after(cue, _REFUSAL_REACH)
        for cue in _REFUSAL.finditer(text)
        if not clauses.is_about_people(cue.start())
    ]
    # "No cancer except breast cancer": an exception to a refusal is an offer.
    refused_until = {end for _, end in refusals}
    exceptions = [
        clauses.after(cue, _EXCEPTION_REACH)
        for cue in _EXCEPTION.finditer(text)
        if cue.start() not in refused_until
    ]
    refused_before = [(clauses.start(cue.start()), cue.end()) for cue in _REFUSED.finditer(text)]
    return sorted(refusals + exceptions + refused_before)


class _Clauses:
    """Where the clauses of a text begin and end, each kind of mark looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(mark.end() for mark in _CLAUSE_START.finditer(self._text))]

    @cached_property
    def _ends(self) -> list[int]:
        return [*(mark.start() for mark in _SCOPE_END.finditer(self._text)), len(self._text)]

    @cached_property
    def _people(self) -> list[int]:
        return [-1, *(mark.start() for mark in _ABOUT_PEOPLE.finditer(self._text))]

    def start(self, position: int) -> int:
        """Return where the clause around a position begins, or as far back as is looked."""
        begin = self._starts[bisect_right(self._starts, position) - 1]
        return max(begin, position - _LOOK_BACK)

    def is_about_people(self, position: int) -> bool:
        """Whether the clause tells of people and not of the service, up to a position."""
        return self._people[bisect_left(self._people, position) - 1] >= self.start(position)

    def after(self, cue: re.Match[str], reach: int) -> tuple[int, int]:
        """Return the range a cue governs: up to the end of its clause or of its brackets."""
        start, end = cue.span()
        limit = min(self._ends[bisect_left(self._ends, end)], end + reach)
        depth = 0
        for bracket in _BRACKET.finditer(self._text, end, limit):
            depth += 1 if bracket.group() == "(" else -1
            if depth < 0:
                return start, bracket.start()
        return start, limit
