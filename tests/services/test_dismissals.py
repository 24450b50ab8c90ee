from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from matchmaker.models import AuditEvent, Dismissal, DismissalKind, Side
from matchmaker.services import dismissals
from matchmaker.services.dismissals import DismissalReason
from tests.factories import NOW, make_professional, make_programme


def put_aside(professional, programme, *, side=Side.PROFESSIONAL, **values):
    usual = {"kind": DismissalKind.NOT_NOW, "actor": professional.user, "now": NOW}
    return dismissals.put_aside(side, professional, programme, **{**usual, **values})


def listed(own, side=Side.PROFESSIONAL, now=NOW):
    return [row.kind for row, _, _ in dismissals.list_put_aside(side, own=own, now=now)]


def test_not_now_lasts_90_days(session):
    professional, programme = make_professional(), make_programme()
    put_aside(professional, programme)
    assert listed(professional, now=NOW + timedelta(days=89)) == [DismissalKind.NOT_NOW]
    assert listed(professional, now=NOW + timedelta(days=90)) == []


def test_not_for_us_lasts_and_keeps_its_reason(session):
    professional, programme = make_professional(), make_programme()
    dismissal = put_aside(
        professional,
        programme,
        kind=DismissalKind.NOT_FOR_US,
        reason=DismissalReason.TOO_FAR,
    )
    assert (dismissal.until_at, dismissal.reason) == (None, "too_far")
    assert listed(professional, now=NOW + timedelta(days=4000)) == [DismissalKind.NOT_FOR_US]


def test_second_answer_replaces_the_first(session):
    professional, programme = make_professional(), make_programme()
    put_aside(professional, programme, kind=DismissalKind.NOT_FOR_US, reason=DismissalReason.OTHER)
    again = put_aside(professional, programme, now=NOW + timedelta(days=1))
    assert session.scalar(select(func.count(Dismissal.id))) == 1
    assert (again.kind, again.reason) == (DismissalKind.NOT_NOW, "")
    assert again.until_at == NOW + timedelta(days=91)


def test_each_side_puts_aside_for_itself(session):
    professional, programme = make_professional(), make_programme()
    put_aside(professional, programme, side=Side.PROGRAMME)
    assert listed(professional) == []
    assert listed(programme, side=Side.PROGRAMME) == [DismissalKind.NOT_NOW]


def test_bringing_back_undoes_only_the_own_side(session):
    professional, programme = make_professional(), make_programme()
    put_aside(professional, programme, side=Side.PROGRAMME)
    put_aside(professional, programme)
    dismissals.bring_back(
        Side.PROFESSIONAL, professional, programme, actor=professional.user, now=NOW
    )
    assert listed(professional) == []
    assert listed(programme, side=Side.PROGRAMME) == [DismissalKind.NOT_NOW]


def test_bringing_back_what_was_never_put_aside_changes_nothing(session):
    professional, programme = make_professional(), make_programme()
    dismissals.bring_back(
        Side.PROFESSIONAL, professional, programme, actor=professional.user, now=NOW
    )
    assert session.scalar(select(func.count(AuditEvent.id))) == 0


def test_putting_aside_and_bringing_back_are_audited_without_the_reason(session):
    professional, programme = make_professional(), make_programme()
    put_aside(
        professional, programme, kind=DismissalKind.NOT_FOR_US, reason=DismissalReason.OTHER_WORK
    )
    dismissals.bring_back(
        Side.PROFESSIONAL, professional, programme, actor=professional.user, now=NOW
    )
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == [
        "suggestion.put_aside",
        "suggestion.brought_back",
    ]
    assert "other_work" not in str([event.details for event in events])
