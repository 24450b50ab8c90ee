"""The results of a closed wave as they are read: charts, sentences, themes, and their file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from matchmaker.models import QuestionKind, SurveyQuestion, SurveyWave
from matchmaker.services import csv_export
from matchmaker.services.charts import Cell, Chart, Row, cell, share_cell
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.surveys import results, themes
from matchmaker.services.surveys.choices import SECTIONS, label_of
from matchmaker.services.surveys.results import Change, Distribution, Results
from matchmaker.services.surveys.themes import ShownTheme
from matchmaker.services.surveys.waves import questions_of, sections_of


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """What is known of one question; `note` says in a sentence how many answered, or why not."""

    question: SurveyQuestion
    note: str
    chart: Chart | None = None
    change: Chart | None = None
    texts: Figure | None = None
    themes: tuple[ShownTheme, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionReport:
    """The questions of one page of the survey."""

    title: str
    questions: tuple[QuestionReport, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page of results shows."""

    wave: SurveyWave
    results: Results
    sections: tuple[SectionReport, ...]

    @property
    def charts(self) -> list[Chart]:
        """Every chart of the page."""
        asked = [each for section in self.sections for each in section.questions]
        return [chart for each in asked for chart in (each.chart, each.change) if chart is not None]


def make_report(wave: SurveyWave) -> Report | None:
    """The results of a wave; None before it has closed."""
    frozen = results.read(wave)
    if frozen is None:
        return None
    found = themes.list_themes(wave)
    sections = tuple(
        SectionReport(
            str(SECTIONS[section]),
            tuple(
                _question(each, frozen, tuple(found.get(each.id, ())))
                for each in questions_of(wave, section)
            ),
        )
        for section in sections_of(wave)
        if frozen.is_enough
    )
    return Report(wave, frozen, sections)


def as_csv(report: Report) -> str:
    """The figures of the page for a spreadsheet, one a row."""
    headings = (_("Part"), _("Question"), _("What is counted"), _("Answer"), _("Figure"))
    return csv_export.as_csv(headings, _csv_rows(report))


def _csv_rows(report: Report) -> Iterator[tuple[str, ...]]:
    whole = _("The whole survey")
    yield whole, "", _("People"), _("Asked"), report.results.asked.csv
    yield whole, "", _("People"), _("Answered"), report.results.answered.csv
    for section in report.sections:
        for each in section.questions:
            asked = (section.title, each.question.wording)
            for chart in (each.chart, each.change):
                for row in chart.rows if chart is not None else ():
                    for heading, figure in zip(
                        chart.headings[1:] if chart is not None else (), row.cells, strict=True
                    ):
                        yield *asked, heading, row.label, figure.csv
            if each.texts is not None:
                yield *asked, _("Texts"), _("All"), each.texts.csv
            for theme in each.themes:
                yield *asked, _("Texts"), theme.theme.name, theme.texts.csv


def _question(
    question: SurveyQuestion, frozen: Results, found: tuple[ShownTheme, ...]
) -> QuestionReport:
    distribution = frozen.distributions.get(question.id)
    if distribution is None:
        return QuestionReport(
            question, _("Fewer than 8 people answered this question, so nothing is shown.")
        )
    if question.kind is QuestionKind.TEXT:
        note = _wrote(distribution.total)
        return QuestionReport(question, note, texts=distribution.total, themes=found)
    change = frozen.changes.get(question.id)
    return QuestionReport(
        question,
        _answered(distribution.total),
        chart=_chart(question, distribution),
        change=None if change is None else _change_chart(question, change),
    )


def _answered(total: Figure) -> str:
    if total.shown is None:
        return _("How many people answered is kept back.")
    return _("About %(number)s people answered.", number=total.text)


def _wrote(total: Figure) -> str:
    if total.shown is None:
        return _("How many people wrote something is kept back.")
    return _("About %(number)s people wrote something.", number=total.text)


def _chart(question: SurveyQuestion, distribution: Distribution) -> Chart:
    rows = [
        Row(label_of(question, choice), _cells(figure, distribution.total))
        for choice, figure in distribution.choices.items()
    ]
    rows.append(Row(_("Everybody"), _cells(distribution.total, None), is_total=True))
    return Chart(
        key=f"question-{question.id}",
        title=question.wording,
        sentence=f"{_answered(distribution.total)} {_most_chosen(question, distribution)}".strip(),
        headings=(_("Answer"), _("People"), _("Share of all")),
        rows=tuple(rows),
    )


def _most_chosen(question: SurveyQuestion, distribution: Distribution) -> str:
    """Which answer was given most, where that can be read from what is shown."""
    figures = distribution.choices
    most = max((each.shown or 0 for each in figures.values()), default=0)
    if most == 0 or any(each.is_withheld for each in figures.values()):
        return ""
    names = [label_of(question, choice) for choice, each in figures.items() if each.shown == most]
    if len(names) > 1:
        return _("Most often chosen, about equally: %(answers)s.", answers="; ".join(names))
    return _(
        "Most often chosen: %(answer)s, by about %(number)s.",
        answer=names[0],
        number=format_decimal(most),
    )


def _change_chart(question: SurveyQuestion, change: Change) -> Chart:
    labels = {
        "higher": _("Higher than before"),
        "same": _("The same as before"),
        "lower": _("Lower than before"),
    }
    rows = [Row(text, _cells(change.changes[key], change.total)) for key, text in labels.items()]
    rows.append(
        Row(_("Everybody who answered both times"), _cells(change.total, None), is_total=True)
    )
    return Chart(
        key=f"change-{question.id}",
        title=_("Before and now: %(question)s", question=question.wording),
        sentence=_change_sentence(change),
        headings=(_("Compared with the time before"), _("People"), _("Share of all")),
        rows=tuple(rows),
    )


def _change_sentence(change: Change) -> str:
    number = change.total.text
    first = (
        _("Of those who answered both times, how many is kept back.")
        if change.total.shown is None
        else _("About %(number)s people answered this both times.", number=number)
    )
    tenths = change.mean_tenths
    if tenths is None:
        return first
    size = format_decimal(abs(tenths) / 10, format="0.0")
    if tenths == 0:
        mean = _("On average, they answered as they did before.")
    elif tenths > 0:
        mean = _("On average, their answer went up by %(size)s, on the scale of 5.", size=size)
    else:
        mean = _("On average, their answer went down by %(size)s, on the scale of 5.", size=size)
    return f"{first} {mean}"


def _cells(figure: Figure, whole: Figure | None) -> tuple[Cell, ...]:
    """A figure with its bar, and its share of the whole in numbers."""
    share = Cell("") if whole is None else Cell(share_cell(figure, whole).text)
    return cell(figure), share
