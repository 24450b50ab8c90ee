"""Reasons as sentences that anybody can read."""

from matchmaker.engine.fields import Ground
from matchmaker.engine.parameters import APPROACH, CONDITION, PEOPLE, PLACE, PROFESSION, TEXT

_WISHES = {
    CONDITION: "{seeker} look for {sought}",
    APPROACH: "{seeker} look for {sought}",
    PLACE: "{seeker} look in {sought}",
    PEOPLE: "{seeker} look for help for {sought}",
    PROFESSION: "{seeker} look for {sought}",
    TEXT: "{seeker} write about {sought}",
}
_ANSWERS = {
    CONDITION: "{offerer} work with {offered}",
    APPROACH: "{offerer} offer {offered}",
    PLACE: "{offerer} work in {offered}",
    PEOPLE: "{offerer} work with {offered}",
    PROFESSION: "{offerer} are {offered}",
    TEXT: "{offerer} write about {offered}",
}
_SILENCES = {
    CONDITION: "{offerer} do not mention it",
    APPROACH: "{offerer} do not mention it",
    PLACE: "{offerer} do not work near there",
    PEOPLE: "{offerer} work with {offered}",
    PROFESSION: "{offerer} do not say that {offerer} are one",
}
_SHOWN_RELATIONS = ("narrower", "broader", "related")


def sentence(field: str, ground: Ground, *, is_reader: bool) -> str:
    """Return a reason, or what is missing, as told to the seeker (``is_reader``) or the offerer."""
    seeker, offerer = ("You", "they") if is_reader else ("They", "you")
    sought, offered = ground.sought, ground.offered
    if field == PROFESSION:
        sought, offered = _with_article(sought), _with_article(offered)
    if ground.relation == "word":
        sought, offered = f"“{sought}”", f"“{offered}”"
    if ground.relation == "online":
        answer = "{offerer} work online"
    elif field == TEXT and sought.casefold() == offered.casefold():
        answer = "{offerer} do too"
    elif offered:
        answer = _ANSWERS[field]
    else:
        answer = _SILENCES[field]
    text = f"{_WISHES[field]}; {answer}".format(
        seeker=seeker, offerer=offerer, sought=sought, offered=offered
    )
    return f"{text} ({ground.relation})" if ground.relation in _SHOWN_RELATIONS else text


def _with_article(name: str) -> str:
    if not name or name.startswith("any "):
        return name
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
