"""Where a text recites charity law, whose lists name conditions and mean anybody.

"For those who have need by reason of their youth, age, infirmity or disablement, poverty or social
circumstances" says as little about disability as "without distinction of sex or disability".
"""

import re

_HINT = re.compile(
    r"\b(?:reasons?|because|account|distinction|regardless|irrespective|excluded|sick|disabled)\b",
    re.IGNORECASE,
)

# A list of at least four causes is the formula; "by reason of age or disability" tells of people.
_CAUSE = (
    r"(?:(?:their|his|her|the|any|old|young|physical|mental|social|economic|financial|family|other"
    r"|poor|chronic|and|or)\s+){0,4}"
    r"(?:youth|age|infirmity|infirmities|sickness|sex|gender|race|creed|religion|belief|beliefs"
    r"|disability|disabilities|disablement|ill[\s-]?health|health|illness|poverty|hardship|distress"
    r"|unemployment|circumstances|disadvantage|disadvantages|needs?|occupation|background|education"
    r"|domestic\s+circumstances)"
)
_CAUSES = (
    r"\b(?:by\s+reasons?|because|on\s+account)\s+of\s+(?:[:;(]\s*)?"
    + _CAUSE
    + r"(?:\s*(?:[,;/]|\band/or\b|\band\b|\bor\b|[,;]\s*(?:and|or)\b)\s*"
    + _CAUSE
    + r"){3,}"
)
# Up to the words with which the sentence goes on to say what is done, and for whom.
_EQUALLY = (
    r"\b(?:without\s+distinction\s+(?:of|as\s+to)|regardless\s+of|irrespective\s+of)\b"
    r"(?:(?!\b(?:are|at|by|can|for|from|have|in|is|on|that|through|to|we|which|who|whom|with)\b)"
    r"[^.;:\n]){0,150}"
)
_DEFINITION = (
    r"\bsocially\s+excluded\W{1,3}(?:means|refers\s+to)\b"
    r"(?:.{0,900}?\binto\s+society\b|[^.\n]{0,300})"
)
# "Patients who are sick, convalescent, disabled, handicapped or infirm" are patients of any kind.
_STATE = (
    r"(?:aged|bereaved|convalescent|disabled|distressed|elderly|handicapped|ill|incapacitated|infirm"
    r"|injured|needy|poor|sick)\b"
)
_STATES = rf"\b{_STATE}(?:(?:\s*[,/]\s*(?:(?:and|or)\s+)?|\s+(?:and/or|and|or)\s+){_STATE}){{3,}}"
_FORMULA = re.compile(f"{_CAUSES}|{_STATES}|{_EQUALLY}|{_DEFINITION}", re.IGNORECASE | re.DOTALL)


def formula_spans(text: str) -> list[tuple[int, int]]:
    """Return the character ranges, in order, whose mentions tell nothing of whom a text is for."""
    if not _HINT.search(text):
        return []
    return [found.span() for found in _FORMULA.finditer(text)]
