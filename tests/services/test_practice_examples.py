"""Telling what two made of an introduction: whose consent counts, and for which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.models import (
    Answer,
    AuditEvent,
    Block,
    ExampleState,
    IntroductionState,
    OutboxMail,
    Outcome,
    PracticeExample,
    Side,
    TermField,
)
from matchmaker.services import blocking, example_offers, introductions, practice_examples
from matchmaker.services.erasure import erase
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError, StaleVersion
from matchmaker.services.policy import actor_for
from matchmaker.services.practice_examples import ExampleDetails
from matchmaker.services.retention import forget_expired
from tests.factories import (
    FIFE,
    NHS_FIFE,
    NOW,
    make_completed_introduction,
    make_introduction,
    make_lead,
    make_organisation,
    make_practice_example,
    make_professional,
    make_programme,
    make_user,
)

LATER = NOW + timedelta(days=1)
PROFESSIONAL, PROGRAMME = Side.PROFESSIONAL, Side.PROGRAMME
TEXT = ExampleDetails(
    title="A choir after stroke",
    did="We sang.",
    changed="Six people came.",
    took="A room.",
    terms=((TermField.CONDITION, "stroke"),),
)


@pytest.fixture
def ann(session):
    return make_user(name="Ann Rae", email="ann@example.org")


@pytest.fixture
def una(session):
    return make_user(name="Una Baird", email="una@example.org")


@pytest.fixture
def introduction(session, ann, una):
    return make_completed_introduction(
        professional=make_professional(user=ann),
        programme=make_programme(organisation=make_organisation(members=[una])),
    )


def write(introduction, side=PROFESSIONAL, details=TEXT, *, version=0, actor, now=NOW):
    return practice_examples.write(
        introduction, side, details, version=version, actor=actor, now=now
    )


def agree(example, side, actor, **values):
    values = {"version": example.version, "now": NOW, **values}
    return practice_examples.agree(example, side, actor=actor, **values)


@pytest.fixture
def example(introduction, ann):
    return write(introduction, actor=ann)


@pytest.fixture
def waiting(example, ann, una):
    agree(example, PROFESSIONAL, ann)
    return agree(example, PROGRAMME, una)


@pytest.fixture
def published(waiting):
    lead = make_lead([FIFE])
    return practice_examples.publish(waiting, version=waiting.version, actor=lead, now=NOW)


def mails(session, *kinds):
    rows = session.scalars(select(OutboxMail).order_by(OutboxMail.id))
    return [(each.kind, each.recipient) for each in rows if not kinds or each.kind in kinds]


def events(session):
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [each.action for each in rows if each.action.startswith("practice_example")]


# --- Writing ------------------------------------------------------------------------------------


def test_either_side_writes_and_it_says_who_tells_it_without_a_name(example, introduction, ann):
    assert (example.state, example.version) == (ExampleState.DRAFT, 1)
    assert (example.profession, example.area_code) == ("physiotherapist", NHS_FIFE)
    assert (example.shows_professional, example.shows_organisation) == (False, False)
    assert introduction.example_offered_at == NOW
    assert practice_examples.find_current(introduction) is example
    assert example.author_user_id == ann.id


def test_an_offer_made_before_keeps_its_day(introduction, ann):
    example_offers.offer(introduction, actor=ann, now=NOW - timedelta(days=9))
    write(introduction, actor=ann)
    assert introduction.example_offered_at == NOW - timedelta(days=9)


def test_the_form_begins_with_what_the_two_have_in_common(session):
    introduction = make_completed_introduction(
        professional=make_professional(
            conditions=["stroke", "asthma"], approaches=["peer-support"]
        ),
        programme=make_programme(conditions=["stroke", "dementia"], approaches=["peer-support"]),
    )
    begun = practice_examples.first_details(introduction, PROFESSIONAL)
    assert begun.terms == ((TermField.CONDITION, "stroke"), (TermField.APPROACH, "peer-support"))
    assert begun.title == ""


def test_only_terms_of_the_programme_are_kept(introduction, ann):
    asthma = (TermField.CONDITION, "asthma")
    example = write(introduction, details=replace(TEXT, terms=(*TEXT.terms, asthma)), actor=ann)
    assert [each.code for each in example.terms] == ["stroke"]


def test_each_side_says_only_whether_it_is_named_itself(example, introduction, ann, una):
    named = replace(TEXT, names_own_side=True)
    write(introduction, PROGRAMME, named, version=1, actor=una)
    assert (example.shows_professional, example.shows_organisation) == (False, True)
    write(introduction, PROFESSIONAL, named, version=2, actor=ann)
    assert (example.shows_professional, example.shows_organisation) == (True, True)
    assert practice_examples.details_of(example, PROGRAMME).names_own_side
    write(introduction, PROGRAMME, TEXT, version=3, actor=una)
    assert (example.shows_professional, example.shows_organisation) == (True, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "title"), ({"title": "a" * 121}, "title"), ({"did": "a" * 3001}, "did")],
)
def test_what_cannot_be_taken_is_refused_beside_its_question(introduction, ann, changes, field):
    with pytest.raises(FieldError) as refused:
        write(introduction, details=replace(TEXT, **changes), actor=ann)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "values",
    [
        {"state": IntroductionState.COMPLETED, "outcome": Outcome.NOT_ACHIEVED, "closed_at": NOW},
        {"state": IntroductionState.ACTIVE},
    ],
)
def test_nothing_is_told_of_what_nothing_came_of(session, ann, values):
    introduction = make_introduction(
        professional_answer=Answer.YES, programme_answer=Answer.YES, released_at=NOW, **values
    )
    with pytest.raises(DomainError, match="nothing to tell"):
        write(introduction, actor=ann)


def test_somebody_who_wrote_on_top_of_older_words_is_told_and_nothing_is_lost(
    example, introduction, ann, una
):
    write(introduction, PROGRAMME, replace(TEXT, did="We hummed."), version=1, actor=una)
    with pytest.raises(StaleVersion, match="Somebody else changed"):
        write(introduction, details=replace(TEXT, did="We whistled."), version=1, actor=ann)
    assert example.did == "We hummed."


def test_words_for_an_example_that_was_withdrawn_meanwhile_begin_no_new_one_by_themselves(
    example, introduction, ann, una
):
    practice_examples.withdraw(example, PROGRAMME, actor=una, now=NOW)
    with pytest.raises(StaleVersion, match="was withdrawn while"):
        write(introduction, version=1, actor=ann)


def test_saving_twice_is_saving_once(example, introduction, ann):
    again = write(introduction, version=0, actor=ann)
    assert again is example
    assert example.version == 1


# --- Agreeing -----------------------------------------------------------------------------------


def test_one_consent_asks_the_other_side_and_two_ask_a_lead(session, example, ann, una):
    agree(example, PROFESSIONAL, ann)
    assert example.state is ExampleState.DRAFT
    assert mails(session) == [("example_to_read", "una@example.org")]
    agree(example, PROGRAMME, una)
    assert example.state is ExampleState.WAITING
    assert (example.professional_agreed_by_user_id, example.programme_agreed_by_user_id) == (
        ann.id,
        una.id,
    )
    assert len(mails(session)) == 1
    assert events(session) == [
        "practice_example.written",
        "practice_example.agreed",
        "practice_example.agreed",
    ]


def test_agreeing_twice_is_agreeing_once(session, example, ann):
    agree(example, PROFESSIONAL, ann)
    agree(example, PROFESSIONAL, ann, now=LATER)
    assert example.professional_agreed_at == NOW
    assert len(mails(session)) == 1


def test_a_consent_is_for_the_words_that_were_read(example, introduction, ann, una):
    write(introduction, PROGRAMME, replace(TEXT, did="We hummed."), version=1, actor=una)
    with pytest.raises(StaleVersion, match="changed since you read"):
        agree(example, PROFESSIONAL, ann, version=1)
    assert example.professional_agreed_at is None


@pytest.mark.parametrize("missing", ["did", "changed", "took"])
def test_an_unfinished_example_is_agreed_to_by_nobody(introduction, ann, missing):
    example = write(introduction, details=replace(TEXT, **{missing: ""}), actor=ann)
    with pytest.raises(DomainError, match="what you did"):
        agree(example, PROFESSIONAL, ann)


def test_nobody_agrees_when_there_is_nothing_to_tell_any_more(session, example, ann):
    example.introduction.outcome = Outcome.NOT_ACHIEVED
    session.flush()
    with pytest.raises(DomainError, match="nothing to tell"):
        agree(example, PROFESSIONAL, ann)


@pytest.mark.parametrize("state", ["waiting", "published"])
@pytest.mark.parametrize(
    "change",
    [
        {"did": "We hummed."},
        {"terms": ()},
        {"names_own_side": True},
    ],
)
def test_any_other_word_takes_both_consents_back(session, request, state, change, ann, una):
    example = request.getfixturevalue(state)
    was_told = len(mails(session))
    write(example.introduction, details=replace(TEXT, **change), version=1, actor=ann, now=LATER)
    assert example.state is ExampleState.DRAFT
    assert (example.professional_agreed_at, example.programme_agreed_at) == (None, None)
    assert example.published_at is None
    assert example.taken_down_at == (LATER if state == "published" else None)
    assert mails(session)[was_told:] == [("example_changed", "una@example.org")]
    body = session.scalars(select(OutboxMail.body).order_by(OutboxMail.id.desc())).first()
    assert ("taken off the site" in body) == (state == "published")


def test_a_side_that_had_not_agreed_is_not_told_of_other_words(session, example, introduction, ann):
    agree(example, PROFESSIONAL, ann)
    write(introduction, details=replace(TEXT, did="We hummed."), version=1, actor=ann)
    assert mails(session, "example_changed") == []


@pytest.mark.parametrize("side", list(Side))
def test_one_consent_is_taken_back_and_the_other_stays(waiting, side, ann):
    other_agreed_at = waiting.agreed_at(side.other)
    practice_examples.take_back(waiting, side, actor=ann, now=LATER)
    assert waiting.state is ExampleState.DRAFT
    assert waiting.agreed_at(side) is None
    assert waiting.agreed_at(side.other) == other_agreed_at


def test_taking_back_what_was_not_given_changes_nothing(session, example, ann):
    practice_examples.take_back(example, PROFESSIONAL, actor=ann, now=LATER)
    assert events(session) == ["practice_example.written"]


def test_what_is_public_is_withdrawn_and_not_taken_back(published, ann):
    with pytest.raises(AlreadyAnswered, match="published in the meantime"):
        practice_examples.take_back(published, PROFESSIONAL, actor=ann, now=LATER)
    assert published.is_published


# --- Reading it for us --------------------------------------------------------------------------


def test_publishing_tells_both_sides_once(session, published):
    assert published.published_at == NOW
    assert published.reviewed_at == NOW
    assert mails(session, "example_published") == [
        ("example_published", "ann@example.org"),
        ("example_published", "una@example.org"),
    ]


def test_somebody_on_both_sides_hears_of_it_once(session, ann):
    introduction = make_completed_introduction(
        professional=make_professional(user=ann),
        programme=make_programme(organisation=make_organisation(members=[ann])),
    )
    example = make_practice_example(introduction, state=ExampleState.WAITING)
    practice_examples.publish(example, version=1, actor=make_lead(), now=NOW)
    assert mails(session) == [("example_published", "ann@example.org")]


@pytest.mark.parametrize("version", [0, 2])
def test_what_was_not_read_is_not_published(waiting, version):
    with pytest.raises(AlreadyAnswered, match="not as you read it"):
        practice_examples.publish(waiting, version=version, actor=make_lead(), now=NOW)


def test_what_both_have_not_agreed_to_is_not_published(example, ann):
    agree(example, PROFESSIONAL, ann)
    with pytest.raises(AlreadyAnswered, match="Nothing has been published"):
        practice_examples.publish(example, version=1, actor=make_lead(), now=NOW)


@pytest.mark.parametrize("state", ["waiting", "published"])
def test_an_example_goes_back_with_a_note_that_both_read(session, request, state):
    example = request.getfixturevalue(state)
    practice_examples.send_back(example, " Say how many. ", actor=make_lead(), now=LATER)
    assert (example.state, example.review_note) == (ExampleState.DRAFT, "Say how many.")
    assert (example.professional_agreed_at, example.programme_agreed_at) == (None, None)
    assert example.taken_down_at == (LATER if state == "published" else None)
    assert mails(session, "example_sent_back") == [
        ("example_sent_back", "ann@example.org"),
        ("example_sent_back", "una@example.org"),
    ]


def test_a_note_is_kept_until_it_is_published(example, ann, una, session):
    agree(example, PROFESSIONAL, ann)
    agree(example, PROGRAMME, una)
    practice_examples.send_back(example, "Say how many.", actor=make_lead(), now=NOW)
    agree(example, PROFESSIONAL, ann)
    agree(example, PROGRAMME, una)
    assert example.review_note == "Say how many."
    practice_examples.publish(example, version=1, actor=make_lead(), now=LATER)
    assert example.review_note == ""


@pytest.mark.parametrize("note", ["", "  ", "a" * 1001])
def test_a_note_that_says_nothing_or_too_much_is_refused(waiting, note):
    with pytest.raises(FieldError):
        practice_examples.send_back(waiting, note, actor=make_lead(), now=NOW)


def test_what_the_two_are_writing_is_not_sent_back(example):
    with pytest.raises(AlreadyAnswered, match="writing again"):
        practice_examples.send_back(example, "Say how many.", actor=make_lead(), now=NOW)


def test_a_lead_reads_what_was_told_in_their_area_and_is_not_their_own(session, waiting, ann):
    near, far, administrator = (
        make_lead([FIFE]),
        make_lead(["W92000004"]),
        make_user(is_administrator=True),
    )
    board = make_lead([NHS_FIFE])
    for reader, found in (
        (near, [waiting]),
        (board, [waiting]),
        (far, []),
        (administrator, [waiting]),
        (ann, []),
    ):
        assert practice_examples.list_waiting(actor_for(reader)) == found
    ann.is_administrator = True
    assert practice_examples.list_waiting(actor_for(ann)) == []


# --- Withdrawing --------------------------------------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("state", ["waiting", "published"])
def test_either_side_withdraws_at_once_and_the_other_is_told(session, request, state, side, ann):
    example = request.getfixturevalue(state)
    practice_examples.withdraw(example, side, actor=ann, now=LATER)
    assert (example.state, example.withdrawn_at) == (ExampleState.WITHDRAWN, LATER)
    assert example.taken_down_at == (LATER if state == "published" else None)
    assert example.introduction.example_offered_at is None
    told = "una@example.org" if side is PROFESSIONAL else "ann@example.org"
    assert mails(session, "example_withdrawn") == [("example_withdrawn", told)]
    assert events(session)[-1] == "practice_example.withdrawn"


def test_a_draft_that_only_its_author_knows_goes_quietly(session, example, ann):
    practice_examples.withdraw(example, PROFESSIONAL, actor=ann, now=LATER)
    assert mails(session) == []


def test_a_draft_that_the_other_side_agreed_to_does_not(session, example, ann, una):
    agree(example, PROGRAMME, una)
    practice_examples.withdraw(example, PROFESSIONAL, actor=ann, now=LATER)
    assert mails(session, "example_withdrawn") == [("example_withdrawn", "una@example.org")]


def test_nothing_is_done_any_more_to_what_was_withdrawn(published, ann, una):
    practice_examples.withdraw(published, PROGRAMME, actor=una, now=LATER)
    for do in (
        lambda: agree(published, PROFESSIONAL, ann),
        lambda: practice_examples.take_back(published, PROFESSIONAL, actor=ann, now=LATER),
        lambda: practice_examples.withdraw(published, PROFESSIONAL, actor=ann, now=LATER),
        lambda: practice_examples.send_back(published, "No.", actor=ann, now=LATER),
        lambda: practice_examples.publish(published, version=1, actor=ann, now=LATER),
    ):
        with pytest.raises(AlreadyAnswered, match="has been withdrawn"):
            do()


def test_the_two_begin_again_from_their_words(introduction, example, ann):
    practice_examples.withdraw(example, PROFESSIONAL, actor=ann, now=LATER)
    assert practice_examples.find_current(introduction) is None
    begun = practice_examples.first_details(introduction, PROFESSIONAL)
    assert begun == TEXT
    again = write(introduction, details=begun, actor=ann, now=LATER)
    assert again.id != example.id


def test_two_of_one_introduction_are_not_told_at_once(session, example):
    session.add(
        PracticeExample(
            introduction_id=example.introduction_id,
            area_code=NHS_FIFE,
            created_at=NOW,
            updated_at=NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("side", list(Side))
def test_whoever_withdraws_from_the_introduction_tells_nothing_of_it(session, side):
    introduction = make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACTIVE,
        released_at=NOW,
    )
    example = make_practice_example(introduction, state=ExampleState.PUBLISHED)
    introductions.withdraw(introduction, side, actor=make_user(), now=LATER)
    assert example.state is ExampleState.WITHDRAWN
    assert example.taken_down_at == LATER


def test_a_block_takes_it_off_the_site_too(session):
    introduction = make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACTIVE,
        released_at=NOW,
    )
    example = make_practice_example(introduction, state=ExampleState.PUBLISHED)
    blocking.block(
        PROGRAMME,
        introduction.professional,
        introduction.programme.organisation,
        actor=make_user(),
        now=LATER,
    )
    assert session.scalars(select(Block)).one()
    assert example.state is ExampleState.WITHDRAWN


# --- When somebody goes -------------------------------------------------------------------------


def test_who_erases_themselves_takes_the_example_along(session, published, ann):
    erase(ann, now=LATER)
    session.refresh(published)
    assert published.state is ExampleState.WITHDRAWN
    assert (published.title, published.did, published.advice, published.terms) == ("", "", "", [])
    assert mails(session, "example_withdrawn") == [("example_withdrawn", "una@example.org")]


def test_who_said_so_leaves_it_without_their_name(session, introduction, ann, una):
    example = write(introduction, details=replace(TEXT, names_own_side=True), actor=ann)
    agree(example, PROFESSIONAL, ann, is_kept_when_erased=True)
    agree(example, PROGRAMME, una)
    practice_examples.publish(example, version=1, actor=make_lead(), now=NOW)
    assert example.shows_professional
    erase(ann, now=LATER)
    session.refresh(example)
    assert (example.state, example.did) == (ExampleState.PUBLISHED, "We sang.")
    assert not example.shows_professional
    assert example.professional_agreed_by_user_id is None
    assert "practice_example.kept_without_name" in events(session)


def test_what_waits_goes_even_so(session, introduction, ann, una):
    example = write(introduction, actor=ann)
    agree(example, PROFESSIONAL, ann, is_kept_when_erased=True)
    agree(example, PROGRAMME, una)
    erase(ann, now=LATER)
    session.refresh(example)
    assert (example.state, example.did) == (ExampleState.WITHDRAWN, "")


def test_the_organisations_consent_does_not_hang_on_who_gave_it(session, published, una):
    erase(una, now=LATER)
    session.refresh(published)
    assert published.is_published
    assert published.programme_agreed_by_user_id is None


def test_words_of_a_withdrawn_example_are_forgotten_after_ninety_days(session, published, ann):
    practice_examples.withdraw(published, PROFESSIONAL, actor=ann, now=NOW)
    forget_expired(now=NOW + timedelta(days=90))
    session.refresh(published)
    assert published.did == "We sang."
    forget_expired(now=NOW + timedelta(days=91))
    session.refresh(published)
    assert (published.title, published.did, published.terms) == ("", "", [])
    assert published.taken_down_at == NOW


def test_a_draft_that_nobody_goes_on_with_is_given_up_after_a_year(session, example, ann):
    agree(example, PROFESSIONAL, ann)
    forget_expired(now=NOW + timedelta(days=365))
    session.refresh(example)
    assert example.state is ExampleState.DRAFT
    forget_expired(now=NOW + timedelta(days=366))
    session.refresh(example)
    assert example.state is ExampleState.WITHDRAWN
    assert example.professional_agreed_at is None


def test_what_is_public_stays_however_old(session, published):
    forget_expired(now=NOW + timedelta(days=3650))
    session.refresh(published)
    assert published.is_published


# --- The table says it too ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"state": ExampleState.PUBLISHED, "programme_agreed_at": None},
        {"state": ExampleState.WAITING, "professional_agreed_at": None},
        {"state": ExampleState.DRAFT, "professional_agreed_at": NOW, "programme_agreed_at": NOW},
        {"state": ExampleState.PUBLISHED, "published_at": None},
        {"state": ExampleState.PUBLISHED, "reviewed_at": None},
        {"state": ExampleState.WAITING, "published_at": NOW},
        {"state": ExampleState.WITHDRAWN, "withdrawn_at": None},
        {"state": ExampleState.WITHDRAWN, "professional_agreed_at": NOW},
    ],
)
def test_the_table_refuses_what_both_did_not_agree_to(session, values):
    with pytest.raises(IntegrityError):
        make_practice_example(**values)
