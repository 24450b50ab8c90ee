"""Imports under way on the web: looked at first, taken as a whole."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.models import ImportDraft, ImportSource, Organisation, Programme, SourceFormat
from matchmaker.services.errors import AlreadyAnswered, FieldError
from matchmaker.services.imports import drafts
from matchmaker.services.imports.drafts import GivenFile, OutOfDate
from matchmaker.services.imports.report import BrokenFile
from tests.factories import NOW, make_organisation, make_user
from tests.services.imports.feeds import oruk_service

TABLE = b"Title,About,Who,Town\nCafe,Tea and talk.,Steps,Leven\nChoir,,Steps,\n"
OWN = b"Title,About\nCafe,Tea and talk.\n"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lead(session):
    return make_user()


@pytest.fixture
def start(session, lead):
    def start_draft(content=TABLE, *, organisation=None, **values):
        given = {"file_name": "p.csv", "format": SourceFormat.CSV, "source_name": "A council"}
        draft = drafts.start_draft(
            GivenFile(content=content, **{**given, **values}),
            organisation=organisation,
            actor=lead,
            now=NOW,
        )
        session.commit()
        return draft

    return start_draft


def choose(draft):
    drafts.choose_columns(
        draft, {"name": "Title", "description": "About", "organisation": "Who", "town": "Town"}
    )


def confirm(draft, lead, plan=None):
    plan = plan or drafts.plan_draft(draft, now=NOW)
    return drafts.confirm(draft, plan.digest, actor=lead, now=NOW)


def test_table_is_looked_at_and_then_taken(session, start, lead):
    draft = start(attribution="Fife Council", licence="OGL")
    assert drafts.lacks_columns(draft)
    choose(draft)
    assert not drafts.lacks_columns(draft)
    plan = drafts.plan_draft(draft, now=NOW)
    assert [step.name for step in plan.programmes] == ["Cafe"]
    assert [(each.row, each.field) for each in plan.rejected] == [(3, "About")]
    assert session.scalar(select(func.count(Programme.id))) == 0
    assert confirm(draft, lead, plan).created == 1
    assert session.scalars(select(ImportSource)).one().attribution == "Fife Council"
    assert (draft.content, draft.confirmed_at) == (b"", NOW)


def test_feed_needs_no_columns(session, start, lead):
    content = json.dumps({"contents": [oruk_service()]}).encode()
    draft = start(content, format=SourceFormat.ORUK)
    assert not drafts.lacks_columns(draft)
    assert confirm(draft, lead).created == 1


def test_aliss_names_itself(session, start):
    content = json.dumps({"data": []}).encode()
    draft = start(content, format=SourceFormat.ALISS, source_name="")
    assert drafts.source_of(draft).licence == "CC BY 4.0"


def test_file_is_taken_once(session, start, lead):
    draft = start()
    choose(draft)
    digest = drafts.plan_draft(draft, now=NOW).digest
    confirm(draft, lead)
    with pytest.raises(AlreadyAnswered):
        drafts.confirm(draft, digest, actor=lead, now=NOW)
    assert drafts.find_draft(draft.id, now=NOW) is None


def test_what_would_happen_otherwise_by_now_is_shown_again(session, start, lead):
    draft = start()
    choose(draft)
    plan = drafts.plan_draft(draft, now=NOW)
    make_organisation(name="Steps", registration=None)
    session.commit()
    with pytest.raises(OutOfDate) as caught:
        confirm(draft, lead, plan)
    session.rollback()
    assert len(caught.value.plan.likely) == 1
    assert session.scalar(select(func.count(Programme.id))) == 0
    assert confirm(draft, lead, caught.value.plan).possible_duplicates == 1


def test_members_bring_in_programmes_of_their_own(session, start, lead):
    organisation = make_organisation(members=[lead], name="Steps")
    draft = start(OWN, organisation=organisation, source_name="")
    assert "organisation" not in drafts.fields_of(draft)
    assert not drafts.lacks_columns(draft)
    assert confirm(draft, lead).created == 1
    (programme,) = organisation.programmes
    assert (programme.name, programme.last_checked_at) == ("Cafe", NOW)
    assert session.scalar(select(func.count(Organisation.id))) == 1
    assert confirm(start(OWN, organisation=organisation, source_name=""), lead).unchanged == 1


def test_of_each_person_the_last_file_is_kept(session, start):
    start()
    draft = start()
    assert session.scalars(select(ImportDraft.id)).all() == [draft.id]


def test_file_is_kept_for_a_day(session, start):
    draft = start()
    assert drafts.find_draft(draft.id, now=LATER) is draft
    assert drafts.find_draft(draft.id, now=NOW + drafts.DRAFT_LASTS) is None


def test_file_can_be_forgotten(session, start):
    drafts.discard(start())
    assert session.scalar(select(func.count(ImportDraft.id))) == 0


@pytest.mark.parametrize("name", ["  ", "x" * 101])
def test_somebody_has_to_say_who_publishes_it(session, start, name):
    with pytest.raises(FieldError):
        start(source_name=name)


def test_broken_file_is_not_kept(session, start):
    with pytest.raises(BrokenFile):
        start(b'Title\n"open')
    with pytest.raises(BrokenFile):
        start(b"{", format=SourceFormat.ORUK)
    session.rollback()
    assert session.scalar(select(func.count(ImportDraft.id))) == 0


def test_columns_that_are_needed_have_to_be_chosen(session, start):
    draft = start()
    with pytest.raises(FieldError) as caught:
        drafts.choose_columns(draft, {"name": "Title", "description": "About", "organisation": "?"})
    assert caught.value.field == "organisation"
