"""Terms read from free text: the longest phrase first, and never more than the words say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from matchmaker.vocabulary.formulas import formula_spans
from matchmaker.vocabulary.negation import negated_spans
from matchmaker.vocabulary.thesaurus import Thesaurus
from matchmaker.vocabulary.words import TOKEN, fold, keeps_s, spell, straighten

_JOINS = frozenset({"and", "or", ",", "/"})
_WINDOW = 6  # words either side that show whether a passage is set in capitals
_SAFE_IN_CAPITALS = 3  # letters an abbreviation needs to be told from a word there
_CASELESS_ACRONYM = 4  # letters from which a label in capitals is also read in lower case


@dataclass(frozen=True, slots=True)
class Mention:
    """A term found in a text: ``words`` is ``text[start:end]``."""

    field: str
    code: str
    start: int
    end: int
    words: str


@dataclass(slots=True)
class _Node:
    """A place in the tree of phrases; ``code`` is None for a false friend."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    is_end: bool = False
    code: str | None = None
    needs_s: bool = False
    abbreviations: dict[str, str] = field(default_factory=dict)

    def grow(self, phrase: Iterable[str]) -> "_Node":
        node = self
        for word in phrase:
            node = node.children.setdefault(word, _Node())
        return node


class _Tokens:
    """The words and marks of one text, with their places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.surfaces: list[str] = TOKEN.findall(text)
        self.folded = list(map(fold, self.surfaces))

    def start(self, index: int) -> int:
        """Return the character offset of the token."""
        return self._starts[index]

    def end(self, index: int) -> int:
        """Return the character offset after the token."""
        return self._starts[index] + len(self.surfaces[index])

    @cached_property
    def _starts(self) -> list[int]:
        # Looked for a second time, but only in texts that mention something.
        return [found.start() for found in TOKEN.finditer(self._text)]


class _PhraseTree:
    """The wordings, abbreviations and false friends of one thesaurus."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self.field = thesaurus.name
        self._root = _Node()
        self._abbreviations: set[str] = set()
        for term in thesaurus.terms.values():
            for wording in term.wordings:
                if _is_acronym(wording) and len(wording) < _CASELESS_ACRONYM:
                    self._add_abbreviation(wording, term.code)
                else:
                    self._add_wording(wording, term.code)
            for abbreviation in term.short_forms:
                self._add_abbreviation(abbreviation, term.code)
            for phrase in term.false_friends:
                self._root.grow(map(fold, spell(phrase))).is_end = True

    def _add_wording(self, wording: str, code: str) -> None:
        words = spell(wording)
        if "," in wording:
            with_marks = (found.group() for found in TOKEN.finditer(wording))
            node = self._root.grow(map(fold, with_marks))
            node.is_end, node.code = True, code
        node = self._root.grow(map(fold, words))
        # "Parkinson's" must not be read from the surname, nor "falls" from "the fall of Rome",
        # unless the shorter form is a wording of its own.
        needs_s = len(words) == 1 and keeps_s(words[0])
        node.needs_s = needs_s and (node.needs_s or not node.is_end)
        node.is_end = True
        node.code = code

    def _add_abbreviation(self, abbreviation: str, code: str) -> None:
        node = self._root.grow([fold(abbreviation)])
        for form in (abbreviation, abbreviation + "s", abbreviation + "'s"):
            node.abbreviations[form] = code
            self._abbreviations.add(form)

    def read(self, tokens: _Tokens) -> Iterator[tuple[int, int, str]]:
        """Yield the first token, the token after the last, and the code of every mention."""
        folded, children = tokens.folded, self._root.children
        after = 0
        for index in [at for at, word in enumerate(folded) if word in children]:
            if index < after:
                continue
            length, code = self._longest(tokens, index)
            if not length:
                continue
            if code is not None:
                yield from self._shared_endings(folded, after, index, index + length)
                yield index, index + length, code
            after = index + length

    def _longest(self, tokens: _Tokens, index: int) -> tuple[int, str | None]:
        """Return how many tokens the longest phrase has from here, 0 for none, and its code."""
        length, code = 0, None
        folded, at = tokens.folded, index
        node: _Node | None = self._root.children[folded[at]]
        while node is not None:
            if node.is_end and (not node.needs_s or keeps_s(tokens.surfaces[at])):
                length, code = at + 1 - index, node.code
            elif at == index and node.abbreviations:
                found = node.abbreviations.get(straighten(tokens.surfaces[at]))
                if found and self._is_meant(tokens, at):
                    length, code = 1, found
            at += 1
            node = node.children.get(folded[at]) if at < len(folded) else None
        return length, code

    def _is_meant(self, tokens: _Tokens, index: int) -> bool:
        """Whether capitals mark an abbreviation here, and are not just how the text is set."""
        if len(straighten(tokens.surfaces[index]).rstrip("s'")) >= _SAFE_IN_CAPITALS:
            return True
        around = tokens.surfaces[max(0, index - _WINDOW) : index + _WINDOW + 1]
        words = [word for word in around if len(word) > 1 and word not in self._abbreviations]
        return 2 * sum(map(str.isupper, words)) <= len(words)

    def _shared_endings(
        self, folded: Sequence[str], after: int, start: int, end: int
    ) -> Iterator[tuple[int, int, str]]:
        """Read "heart" in "heart and lung disease" as heart disease, as far left as it goes.

        Only the words not yet read (from ``after``) are tried, so that the work stays linear.
        """
        found = []
        while start - 2 >= after and folded[start - 1] in _JOINS:
            for width in (2, 1):
                first = start - 1 - width
                if first >= after and (code := self._joined(folded, first, start - 1, end)):
                    found.append((first, start - 1, code))
                    start = first
                    break
            else:
                break
        yield from reversed(found)

    def _joined(self, folded: Sequence[str], first: int, last: int, end: int) -> str | None:
        """Return the code of ``folded[first:last]`` with an ending of the phrase before ``end``."""
        head = self._root
        for word in folded[first:last]:
            if word in _JOINS or word not in head.children:
                return None
            head = head.children[word]
        for tail in range(last + 2, end):
            node: _Node | None = head
            for word in folded[tail:end]:
                node = node.children.get(word) if node else None
            if node is not None and node.code is not None:
                return node.code
        return None


class Reader:
    """Reads the terms of several thesauri from free text.

    The work is linear in the length of the text: every word starts at most one walk, and a walk is
    no longer than the longest wording.
    """

    def __init__(self, thesauri: Iterable[Thesaurus]) -> None:
        self._trees = [_PhraseTree(thesaurus) for thesaurus in thesauri]

    def read(self, text: str) -> list[Mention]:
        """Return what the text mentions, in the order of the text.

        Mentions of one field do not overlap. What the text takes back ("we no longer work with…")
        is left out, and so are the lists of charity law that mean anybody.
        """
        tokens = _Tokens(text)
        mentions = [
            Mention(
                field=tree.field,
                code=code,
                start=(start := tokens.start(first)),
                end=(end := tokens.end(after - 1)),
                words=text[start:end],
            )
            for tree in self._trees
            for first, after, code in tree.read(tokens)
        ]
        mentions.sort(key=lambda mention: (mention.start, mention.end, mention.field))
        if not mentions:
            return mentions
        return list(_outside(mentions, sorted(negated_spans(text) + formula_spans(text))))


def _outside(mentions: Sequence[Mention], spans: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    """Yield the mentions that start in none of the spans; both are in order of their start."""
    reached, upcoming = 0, 0
    for mention in mentions:
        while upcoming < len(spans) and spans[upcoming][0] <= mention.start:
            reached = max(reached, spans[upcoming][1])
            upcoming += 1
        if mention.start >= reached:
            yield mention


def _is_acronym(wording: str) -> bool:
    return wording.isupper() and len(spell(wording)) == 1
