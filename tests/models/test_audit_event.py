"""What was written down about the past stays as it was written."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import AuditEvent
from matchmaker.models.audit_event import AuditEventIsFinal
from matchmaker.services import audit
from tests.factories import NOW, make_user

pytestmark = pytest.mark.one_database


@pytest.fixture
def event(session):
    recorded = audit.record("account.created", make_user(), actor=None, now=NOW)
    session.commit()
    return recorded


def _stored():
    db.session.rollback()
    return [(each.action, each.details) for each in db.session.query(AuditEvent)]


def test_an_event_cannot_be_changed(event):
    event.action = "something.else"
    with pytest.raises(AuditEventIsFinal, match="only ever added"):
        db.session.flush()
    assert _stored() == [("account.created", {})]


def test_an_event_cannot_be_deleted(event):
    db.session.delete(event)
    with pytest.raises(AuditEventIsFinal, match="only ever added"):
        db.session.flush()
    assert _stored() == [("account.created", {})]
