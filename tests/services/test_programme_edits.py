"""Changes of a published programme: at once, later, or when an owner agrees."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    AuditEvent,
    EditState,
    NotificationKind,
    OutboxMail,
    Programme,
    ProgrammeEdit,
    User,
)
from matchmaker.services import (
    capacity,
    edit_decisions,
    notifications,
    organisations,
    programme_edits,
    programmes,
)
from matchmaker.services.edit_decisions import AlreadyDecided, ConflictingChanges, Seen
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.programme_details import ProgrammeDetails, details_of
from matchmaker.services.programme_edits import EditUnderWay, save_change
from matchmaker.services.programme_history import (
    changed_fields,
    details_after,
    details_before,
    find_edit,
    find_undecided,
    has_new_contact,
    keeping_history,
    list_history,
    list_undecided,
    merge,
)
from matchmaker.services.programme_venues import VenueDetails, set_venues
from tests.factories import NOW, make_organisation, make_outcode, make_programme, make_user

LATER = NOW + timedelta(days=1)


@pytest.fixture
def owner(session):
    return make_user(name="Olive Owner")


@pytest.fixture
def editor(session):
    return make_user(name="Edda Editor")


@pytest.fixture
def programme(session, owner, editor):
    organisation = make_organisation(members=[owner, editor])
    return make_programme(
        organisation=organisation, name="Stroke café", description="Tea.", cost="£1"
    )


def change(programme, actor, *, seen=None, is_finished=True, **answers):
    return save_change(
        programme,
        replace(details_of(programme), **answers),
        seen=seen or Seen(programme.version),
        is_finished=is_finished,
        actor=actor,
        now=LATER,
    )


def on(edit) -> Seen:
    """What a form opened on a change now would have seen."""
    return Seen(edit.programme.version, edit.id, edit.version)


def publish(edit, actor, *, choices=None, seen=None):
    return edit_decisions.publish(
        edit, seen=seen or on(edit), choices=choices or {}, actor=actor, now=LATER
    )


def mails(kind):
    return list(
        db.session.scalars(
            select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id)
        )
    )


def actions_on(programme):
    of_programme = (
        AuditEvent.subject_type == "programme",
        AuditEvent.subject_id == programme.id,
    )
    events = select(AuditEvent.action).where(*of_programme).order_by(AuditEvent.id)
    return list(db.session.scalars(events))


def test_owners_change_is_public_at_once_and_leaves_a_row(programme, owner):
    assert change(programme, owner, cost="free") is None
    assert programme.cost == "free"
    (row,) = list_history(programme)
    assert (row.state, row.author, row.decided_by) == (EditState.PUBLISHED, owner, owner)
    assert changed_fields(details_before(row), details_after(row)) == ("cost",)
    assert actions_on(programme) == ["programme.edited"]
    assert mails("edit_waiting") == []


def test_owners_change_can_be_kept_for_later_and_gone_on_with(programme, owner):
    edit = change(programme, owner, cost="free", is_finished=False)
    assert edit.state is EditState.DRAFT
    assert programme.cost == "£1"
    assert change(programme, owner, seen=on(edit), cost="£2") is None
    assert (programme.cost, edit.state) == ("£2", EditState.PUBLISHED)
    assert mails("edit_waiting") == mails("edit_published") == []


def test_editors_change_waits_and_the_last_published_version_stays(programme, editor, owner):
    updated_at = programme.updated_at
    edit = change(programme, editor, cost="free", places_per_month=3)
    assert edit.state is EditState.WAITING
    assert (programme.cost, programme.version, programme.updated_at) == ("£1", 1, updated_at)
    assert capacity.free_places(programme, LATER) is None
    assert list_undecided(programme.organisation) == [edit]
    (mail,) = mails("edit_waiting")
    assert mail.user_id == owner.id
    assert "Edda Editor has changed the page" in mail.body


def test_published_change_is_as_an_ordinary_edit(programme, editor, owner):
    edit = change(programme, editor, cost="free", places_per_month=3)
    publish(edit, owner)
    assert (programme.cost, programme.version) == ("free", 2)
    assert programme.updated_at == programme.last_checked_at == LATER
    assert capacity.free_places(programme, LATER) == 3
    assert (edit.state, edit.author, edit.decided_by) == (EditState.PUBLISHED, editor, owner)
    assert actions_on(programme) == ["programme.edit_sent", "programme.edit_published"]
    (mail,) = mails("edit_published")
    assert mail.user_id == editor.id


def test_owners_get_one_mail_a_change_however_often_it_is_saved(programme, editor):
    edit = change(programme, editor, cost="£2")
    change(programme, editor, seen=on(edit), cost="£3", is_finished=False)
    assert edit.state is EditState.DRAFT
    change(programme, editor, seen=on(edit), cost="£4")
    assert edit.state is EditState.WAITING
    assert len(mails("edit_waiting")) == 1


def test_owner_who_switched_such_mails_off_gets_none(programme, editor, owner):
    notifications.mute(owner, NotificationKind.EDITS, actor=owner, now=NOW)
    change(programme, editor, cost="£2")
    assert mails("edit_waiting") == []


def test_mail_that_has_not_left_is_taken_back_when_the_change_is(programme, editor):
    edit = change(programme, editor, cost="£2")
    edit_decisions.withdraw(edit, actor=editor, now=LATER)
    db.session.expire_all()
    assert [mail.body for mail in mails("edit_waiting")] == [""]
    assert (edit.state, programme.cost) == (EditState.DISCARDED, "£1")
    assert find_undecided(programme) is None


def test_nobody_who_has_left_hears_of_changes(programme, editor, owner):
    other = make_organisation(members=[owner, editor])
    for each in (programme, make_programme(organisation=other)):
        edit = change(each, editor, cost="£2")
        edit_decisions.send_back(edit, "Still £1.", actor=owner, now=LATER)
    membership = programme.organisation.memberships[1]
    organisations.remove_member(membership, actor=owner, now=LATER)
    db.session.expire_all()
    assert ["Still £1." in mail.body for mail in mails("edit_sent_back")] == [False, True]


def test_change_is_sent_back_with_a_note(programme, editor, owner):
    edit = change(programme, editor, cost="£2")
    for note in (" ", "x" * 1001):
        with pytest.raises(FieldError) as refusal:
            edit_decisions.send_back(edit, note, actor=owner, now=LATER)
        assert refusal.value.field == "note"
    edit_decisions.send_back(edit, " Still £1, please. ", actor=owner, now=LATER)
    (mail,) = mails("edit_sent_back")
    assert "> Still £1, please." in mail.body
    assert (edit.state, programme.cost) == (EditState.SENT_BACK, "£1")
    assert details_after(edit).cost == "£2"


def test_change_that_is_not_finished_is_not_published(programme, editor, owner):
    edit = change(programme, editor, cost="£2", is_finished=False)
    with pytest.raises(DomainError, match="not finished"):
        publish(edit, owner)
    assert mails("edit_waiting") == []


def test_nothing_changed_leaves_nothing(programme, editor):
    assert change(programme, editor) is None
    assert db.session.scalar(select(func.count(ProgrammeEdit.id))) == 0


def test_change_that_would_lack_something_is_refused_when_it_is_finished(programme, editor):
    with pytest.raises(FieldError) as refusal:
        change(programme, editor, description="")
    assert refusal.value.field == "description"
    assert change(programme, editor, description="", is_finished=False).state is EditState.DRAFT


def test_second_person_gets_the_first_ones_change_with_their_answers_on_top(programme, editor):
    other = make_user()
    first = change(programme, editor, cost="£2", name="Stroke tea")
    with pytest.raises(EditUnderWay, match="Edda Editor began a change") as refusal:
        change(programme, other, cost="£3", funded_by="lottery")
    merged = refusal.value.merged
    assert (merged.name, merged.cost, merged.funded_by) == ("Stroke tea", "£3", "lottery")
    saved = save_change(programme, merged, seen=on(first), is_finished=True, actor=other, now=LATER)
    assert saved is first
    assert (details_after(first).funded_by, first.author) == ("lottery", editor)


def test_owner_does_not_overwrite_a_change_that_waits_either(programme, editor, owner):
    first = change(programme, editor, cost="£2")
    with pytest.raises(EditUnderWay):
        change(programme, owner, funded_by="lottery")
    assert change(programme, owner, seen=on(first), cost="£2", funded_by="lottery") is None
    assert (programme.cost, programme.funded_by) == ("£2", "lottery")
    assert (first.author, first.decided_by) == (editor, owner)
    assert len(mails("edit_published")) == 1


def test_change_saved_elsewhere_meanwhile_is_not_overwritten(programme, editor, owner):
    edit = change(programme, editor, cost="£2")
    seen = on(edit)
    change(programme, editor, seen=seen, cost="£3")
    with pytest.raises(StaleVersion, match="nothing was saved"):
        change(programme, editor, seen=seen, cost="£4")
    publish(edit, owner)
    with pytest.raises(StaleVersion, match="was decided while you were writing"):
        change(programme, editor, seen=on(edit), cost="£5")
    with pytest.raises(StaleVersion, match="nothing was saved"):
        change(programme, editor, seen=Seen(1), cost="£5")


def test_place_that_stays_in_a_change_stays_where_it_lies(programme, editor, owner):
    exact = VenueDetails(name="Hall", postcode="KY12 7JA", latitude=56.0711, longitude=-3.4522)
    make_outcode("KY12")
    set_venues(programme, [exact])
    typed = VenueDetails(name="Hall", postcode="ky127ja")
    assert change(programme, editor, locations=(typed,)) is None
    edit = change(programme, editor, locations=(typed, VenueDetails(name="Church")))
    publish(edit, owner)
    assert [(each.name, each.latitude) for each in programme.locations] == [
        ("Hall", 56.0711),
        ("Church", None),
    ]


def test_what_was_published_since_stays_beside_the_change(programme, editor, owner):
    edit = change(programme, editor, cost="free")
    programmes.edit_programme(
        programme,
        replace(details_of(programme), description="Tea and talk."),
        version=1,
        actor=owner,
        now=NOW,
    )
    programmes.pause(programme, actor=owner, now=NOW)
    merged = edit_decisions.merged_with_page(edit)
    assert (merged.meanwhile, merged.conflicts) == (("description",), ())
    publish(edit, owner)
    assert (programme.cost, programme.description) == ("free", "Tea and talk.")


@pytest.mark.parametrize(("is_new", "cost"), [(True, "free"), (False, "£5")])
def test_owner_chooses_where_both_changed_the_same_answer(programme, editor, owner, is_new, cost):
    edit = change(programme, editor, cost="free", funded_by="lottery")
    programmes.edit_programme(
        programme, replace(details_of(programme), cost="£5"), version=1, actor=owner, now=NOW
    )
    with pytest.raises(ConflictingChanges) as refusal:
        publish(edit, owner)
    assert refusal.value.fields == ("cost",)
    publish(edit, owner, choices={"cost": is_new})
    assert (programme.cost, programme.funded_by) == (cost, "lottery")


def test_owner_who_goes_on_with_a_change_that_conflicts_has_to_choose(programme, editor, owner):
    edit = change(programme, editor, cost="free")
    programmes.edit_programme(
        programme, replace(details_of(programme), cost="£5"), version=1, actor=owner, now=NOW
    )
    kept = change(programme, owner, seen=on(edit), cost="£2")
    assert (kept, kept.state, programme.cost) == (edit, EditState.WAITING, "£5")


def test_owner_publishes_what_they_saw_and_nothing_else(programme, editor, owner):
    edit = change(programme, editor, cost="free")
    seen = on(edit)
    change(programme, editor, seen=seen, cost="£100")
    with pytest.raises(StaleVersion, match="Look again"):
        publish(edit, owner, seen=seen)
    programmes.pause(programme, actor=owner, now=NOW)
    with pytest.raises(StaleVersion, match="Look again"):
        publish(edit, owner, seen=Seen(1, edit.id, edit.version))
    assert programme.cost == "£1"


def test_change_is_decided_once(programme, editor, owner):
    for decide, sentence in (
        (lambda edit: publish(edit, owner), "Olive Owner has published"),
        (
            lambda edit: edit_decisions.send_back(edit, "No.", actor=owner, now=LATER),
            "Olive Owner has sent this change back",
        ),
        (
            lambda edit: edit_decisions.withdraw(edit, actor=editor, now=LATER),
            "Edda Editor has taken this change back",
        ),
    ):
        edit = change(programme, editor, cost=sentence)
        decide(edit)
        with pytest.raises(AlreadyDecided, match=sentence):
            publish(edit, owner)
        with pytest.raises(AlreadyDecided):
            edit_decisions.withdraw(edit, actor=editor, now=LATER)


def test_history_keeps_no_contact_person_but_that_they_changed(programme, editor, owner):
    edit = change(programme, editor, contact_name="Morag", contact_email="morag@example.org")
    assert "Morag" in str(edit.details)
    publish(edit, owner)
    assert "Morag" not in str(edit.details)
    assert has_new_contact(edit)
    change(programme, owner, cost="free")
    latest, earlier = list_history(programme)
    assert (earlier, has_new_contact(latest)) == (edit, False)
    assert (programme.contact_name, programme.contact_email) == ("Morag", "morag@example.org")


def test_every_way_of_changing_a_published_page_leaves_a_row(programme, owner):
    programmes.set_places(programme, 3, actor=owner, now=NOW)
    programmes.set_places(programme, 3, actor=owner, now=NOW)
    programmes.confirm_still_right(programme, actor=owner, now=NOW)
    programmes.pause(programme, actor=owner, now=NOW)
    (row,) = list_history(programme)
    assert changed_fields(details_before(row), details_after(row)) == ("places_per_month",)


def test_first_publishing_leaves_a_row_and_a_draft_none(session, owner):
    organisation = make_organisation(members=[owner])
    details = ProgrammeDetails(name="A", description="B", areas=("Fife",))
    draft = programmes.create_programme(organisation, details, actor=owner, now=NOW)
    programmes.edit_programme(draft, replace(details, cost="£1"), version=1, actor=owner, now=NOW)
    assert list_history(draft) == []
    programmes.publish(draft, actor=owner, now=LATER)
    (row,) = list_history(draft)
    assert details_before(row) is None
    assert details_after(row).cost == "£1"


def test_change_that_comes_from_elsewhere_is_in_the_history_of_whoever_looks_after_it(
    programme, owner
):
    unclaimed = make_programme(organisation=make_organisation(claimed_at=None))
    for row in (programme, unclaimed, programme.organisation):
        with keeping_history(row, actor=None, now=LATER):
            row.description = "As its source says."
    (edit,) = list_history(programme)
    assert (edit.author, details_after(edit).description) == (None, "As its source says.")
    assert list_history(unclaimed) == []


def test_what_was_read_is_added_to_the_change_and_not_to_the_page(programme, editor, owner):
    edit = change(programme, editor, description="Tea for people who had falls.")
    reading = programme_edits.reading_of(edit)
    (falls,) = [each for each in reading.unchosen() if each.code == "falls"]
    with pytest.raises(StaleVersion):
        programme_edits.confirm_read(edit, [falls], version=0, actor=editor, now=LATER)
    programme_edits.confirm_read(edit, [falls], version=reading.version, actor=editor, now=LATER)
    assert edit.state is EditState.WAITING
    assert details_after(edit).conditions == ("stroke", "falls")
    assert details_of(programme).conditions == ("stroke",)
    publish(edit, owner)
    assert details_of(programme).conditions == ("stroke", "falls")


def test_change_whose_author_has_left_is_gone_on_with_by_another(programme, editor, owner):
    edit = change(programme, editor, cost="£2")
    edit.author = None
    assert programme_edits.author_name(edit) == "Somebody who has left"
    change(programme, owner, seen=on(edit), cost="£3", is_finished=False)
    assert edit.author is owner


def test_nobody_is_told_who_has_left(programme, editor, owner):
    edit = change(programme, editor, cost="£2")
    edit.author = None
    db.session.flush()
    publish(edit, owner)
    edit.decided_by = None
    with pytest.raises(AlreadyDecided, match="Somebody who has left"):
        publish(edit, owner)
    assert mails("edit_published") == []


def test_merging_keeps_what_only_one_side_changed():
    base = ProgrammeDetails(name="A", cost="1", funded_by="x")
    mine = replace(base, name="B", cost="2")
    theirs = replace(base, cost="3", funded_by="y")
    merged = merge(base, mine, theirs)
    assert merged.details == replace(base, name="B", cost="2", funded_by="y")
    assert (merged.meanwhile, merged.conflicts) == (("cost", "funded_by"), ("cost",))
    assert merge(base, mine, mine).conflicts == ()


def test_of_two_owners_who_decide_at_once_one_does_and_the_other_is_told(app, writing):
    with writing():
        owners, editor = [make_user(name="Ann"), make_user(name="Bea")], make_user()
        organisation = make_organisation(members=[owners[0], owners[1], editor])
        for membership in organisation.memberships[:2]:
            membership.role = organisation.memberships[0].role
        programme = make_programme(organisation=organisation, cost="£1")
        edit_id = change(programme, editor, cost="free").id
        owner_ids = [each.id for each in owners]
    together = Barrier(2)

    def decide(owner_id):
        with app.app_context(), write_intent():
            together.wait(timeout=30)
            edit, actor = find_edit(edit_id), db.session.get_one(User, owner_id)
            try:
                publish(edit, actor, seen=Seen(1, edit_id, 1))
            except DomainError as error:
                return str(error)
            db.session.commit()
            return "published"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(decide, owner_ids))
    with app.app_context():
        row = db.session.get_one(ProgrammeEdit, edit_id)
        programme = db.session.get_one(Programme, row.programme_id)
        assert (programme.cost, programme.version) == ("free", 2)
        told = f"{row.decided_by.name} has published this change already."
        assert outcomes == sorted([told, "published"])
