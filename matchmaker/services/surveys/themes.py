"""What people wrote about in their own words, once a wave has closed: themes, names and quotes.

Found by the worker (`find_next`), because fitting needs scikit-learn, which servers never load.
Only of 8 texts or more to a question. A lead gives a theme another name and chooses quotes; of a
text that may not be quoted nobody sees a word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    QuestionKind,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
    SurveyTheme,
    SurveyWave,
    User,
    WaveState,
)
from matchmaker.services import audit
from matchmaker.services.disclosure import NotPublishable, Shown, publish
from matchmaker.services.errors import FieldError, StaleVersion
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.surveys import keys
from matchmaker.services.surveys.results import FEWEST_PEOPLE

NAME_MAX_LENGTH = 80
WORDS_IN_A_NAME = 3


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """A theme as a lead sees it, with the quotes that were chosen."""

    theme: SurveyTheme
    texts: Figure
    quotes: tuple[str, ...]


def find_due(*, now: datetime) -> None:
    """Find the themes of every wave that has closed."""
    while find_next(now=now):
        pass


def find_next(*, now: datetime) -> bool:
    """Find the themes of one question of a wave that has closed; whether there may be more to do.

    One at a time, because it takes seconds where thousands have answered, in which nobody else can
    write on SQLite.
    """
    wave = db.session.scalars(
        select(SurveyWave)
        .where(SurveyWave.state == WaveState.CLOSED, SurveyWave.themes_found_at.is_(None))
        .order_by(SurveyWave.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if wave is None:
        return False
    question_ids = [each.id for each in wave.questions]
    done = set(
        db.session.scalars(
            select(SurveyTheme.question_id).where(SurveyTheme.question_id.in_(question_ids))
        )
    )
    texts = (each for each in wave.questions if each.kind is QuestionKind.TEXT)
    if not any(each.id not in done and _find_themes(each) for each in texts):
        wave.themes_found_at = now
        db.session.flush()
    return True


def find_theme(theme_id: int) -> SurveyTheme | None:
    """One theme with its question and wave, or None."""
    return db.session.scalar(
        select(SurveyTheme)
        .where(SurveyTheme.id == theme_id)
        .options(joinedload(SurveyTheme.question).joinedload(SurveyQuestion.wave))
    )


def list_themes(wave: SurveyWave) -> dict[int, list[ShownTheme]]:
    """The themes of each question, in the order of their words, with the quotes chosen for them."""
    themes = db.session.scalars(
        select(SurveyTheme)
        .join(SurveyTheme.question)
        .where(SurveyQuestion.wave_id == wave.id)
        .order_by(SurveyTheme.id)
    )
    quotes: dict[int | None, list[str]] = {}
    for each in _quotable(wave, SurveyAnswer.is_quoted.is_(True)):
        quotes.setdefault(each.theme_id, []).append(each.text)
    found: dict[int, list[ShownTheme]] = {}
    for theme in themes:
        figure = Figure(theme.shown, theme.is_withheld)
        shown = ShownTheme(theme, figure, tuple(quotes.get(theme.id, ())))
        found.setdefault(theme.question_id, []).append(shown)
    return found


def list_quotable(theme: SurveyTheme) -> list[SurveyAnswer]:
    """The texts of a theme whose writers agreed to be quoted, in an order that tells nothing."""
    return _quotable(theme.question.wave, SurveyAnswer.theme_id == theme.id)


def edit_theme(
    theme: SurveyTheme,
    *,
    name: str,
    quoted_ids: Collection[str],
    version: int,
    actor: User,
    now: datetime,
) -> None:
    """Give a theme a name, and choose the quotes that are shown with it.

    A text whose consent was withdrawn meanwhile is passed over.

    Raises:
        StaleVersion: Somebody else changed it in the meantime.
        FieldError: The name is empty or too long.
    """
    db.session.refresh(theme, with_for_update={"of": SurveyTheme})
    if theme.version != version:
        raise StaleVersion(_("Somebody else has changed this theme. Save again if yours is right."))
    name = " ".join(name.split())
    if not name:
        raise FieldError("name", _("Enter a name"))
    if len(name) > NAME_MAX_LENGTH:
        sentence = _("Use %(longest)s characters or fewer", longest=NAME_MAX_LENGTH)
        raise FieldError("name", sentence)
    theme.name = name
    theme.version += 1
    chosen = 0
    for answer in list_quotable(theme):
        if answer.is_quoted != (answer.id in quoted_ids):
            db.session.refresh(answer, with_for_update={"of": SurveyAnswer})
            answer.is_quoted = answer.may_quote and answer.id in quoted_ids
        chosen += answer.is_quoted
    audit.record("survey.theme_edited", theme, actor=actor, now=now, quotes=chosen)
    db.session.flush()


def _find_themes(question: SurveyQuestion) -> bool:
    """Sort what was written into themes; whether there are any.

    The same texts always give the same ones.
    """
    # Only the worker gets here: a process that serves pages never imports scikit-learn.
    from matchmaker.engine.themes import find_themes  # noqa: PLC0415

    answers = _texts_of(question)
    if len(answers) < FEWEST_PEOPLE:
        return False
    found = find_themes([each.text for each in answers])
    figures = _protected([len(each.texts) for each in found], len(answers))
    for theme, shown in zip(found, figures, strict=True):
        row = SurveyTheme(
            question_id=question.id,
            name=suggest_name(theme.words),
            words=list(theme.words),
            shown=shown.value,
            is_withheld=shown.is_withheld,
        )
        db.session.add(row)
        db.session.flush()
        for place in theme.texts:
            answers[place].theme_id = row.id
    db.session.flush()
    return bool(found)


def suggest_name(words: Iterable[str]) -> str:
    """A name made of the most telling words."""
    name = ", ".join(list(words)[:WORDS_IN_A_NAME])
    return name[:1].upper() + name[1:]


def _protected(sizes: list[int], total: int) -> list[Shown]:
    """How many texts each theme has, as it may be shown beside the number of all texts."""
    counts = {str(number): size for number, size in enumerate(sizes)}
    parts = [*counts, "none"]
    whole = {"none": total - sum(sizes), "total": total}
    try:
        shown = publish(counts | whole, [("total", parts)])
    except NotPublishable:
        return [Shown(None, is_withheld=True)] * len(sizes)
    return [shown[each] for each in counts]


def _texts_of(question: SurveyQuestion) -> list[SurveyAnswer]:
    """Every text that was sent, in an order in which nothing is left to chance."""
    answers = db.session.scalars(
        select(SurveyAnswer)
        .join(
            SurveyResponse,
            (SurveyResponse.wave_id == SurveyAnswer.wave_id)
            & (SurveyResponse.person_key == SurveyAnswer.person_key),
        )
        .where(SurveyAnswer.question_id == question.id, SurveyResponse.is_sent.is_(True))
    )
    return sorted(answers, key=lambda each: (each.text, each.id))


def _quotable(wave: SurveyWave, condition: ColumnElement[bool]) -> list[SurveyAnswer]:
    """Some texts that may be quoted; none where nobody could take a quote back any more."""
    if not keys.is_known(wave):
        return []
    return list(
        db.session.scalars(
            select(SurveyAnswer)
            .where(
                SurveyAnswer.wave_id == wave.id,
                SurveyAnswer.may_quote.is_(True),
                SurveyAnswer.theme_id.is_not(None),
                condition,
            )
            .order_by(SurveyAnswer.id)
        )
    )
