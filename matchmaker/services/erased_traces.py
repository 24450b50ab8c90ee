"""What a person leaves in the tables, and what is done with each of it when they are erased.

`personal_data` says what is held; a test fills all of it with words nobody could guess, erases
the person, and looks for the words everywhere.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    Block,
    CheckIn,
    Claim,
    Delivery,
    Dismissal,
    EmailChange,
    HelpRequest,
    HelpState,
    ImportDraft,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    LeadScope,
    LinkToken,
    MutedNotification,
    Organisation,
    OutboxMail,
    OutsideContact,
    PackSubscription,
    PossibleDuplicate,
    PracticeExample,
    Professional,
    Programme,
    ProgrammeEdit,
    Reflection,
    RegisterCheck,
    Report,
    SavedList,
    Side,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    SurveyWave,
    User,
    UserSession,
)
from matchmaker.services import programme_history, withheld_mail
from matchmaker.services.surveys.keys import person_key


def erase_traces_of(user: User, *, now: datetime) -> None:
    """Forget everything that says who somebody is, except in their own row."""
    _forget_mail(user, now)
    _forget_messages(user, now)
    for claim in db.session.scalars(select(Claim).where(Claim.user_id == user.id)).all():
        withheld_mail.withhold_claim(claim, now=now)
    _forget_that_it_was_they(user)
    _forget_contact_of(user)
    _forget_contact_in_changes(user)
    if user.professional is not None:
        _forget_words_of(user.professional)
        _forget_profile(user.professional, now)
    own_key = person_key(user.id)
    for statement in (
        delete(UserSession).where(UserSession.user_id == user.id),
        delete(EmailChange).where(EmailChange.user_id == user.id),
        delete(LeadScope).where(LeadScope.user_id == user.id),
        delete(MutedNotification).where(MutedNotification.user_id == user.id),
        delete(Claim).where(Claim.user_id == user.id),
        delete(ImportDraft).where(ImportDraft.user_id == user.id),
        delete(SavedList).where(SavedList.user_id == user.id),
        delete(HelpRequest).where(HelpRequest.user_id == user.id),
        delete(SurveyInvitation).where(SurveyInvitation.user_id == user.id),
        delete(SurveyAnswer).where(SurveyAnswer.person_key == own_key),
        delete(SurveyResponse).where(SurveyResponse.person_key == own_key),
        delete(PackSubscription).where(PackSubscription.user_id == user.id),
        delete(LinkToken).where(or_(LinkToken.user_id == user.id, LinkToken.email == user.email)),
    ):
        db.session.execute(statement)
    db.session.expire_all()


def _forget_mail(user: User, now: datetime) -> None:
    """No mail of theirs is sent any more, and none says whom it was for."""
    theirs = or_(OutboxMail.user_id == user.id, OutboxMail.recipient == user.email)
    withheld_mail.empty(theirs, now=now)


def _forget_messages(user: User, now: datetime) -> None:
    """Delete what they wrote to others, and take it out of the mails that carry it."""
    withheld_mail.withhold_messages_by(user, now=now)
    db.session.execute(
        delete(IntroductionMessage).where(IntroductionMessage.author_user_id == user.id)
    )


def _forget_that_it_was_they(user: User) -> None:
    """What they did for others stays done; by whom is not known any more."""
    for column in (
        Introduction.proposer_user_id,
        IntroductionQuestion.author_user_id,
        IntroductionQuestion.replied_by_user_id,
        CheckIn.answered_by_user_id,
        OutsideContact.recorded_by_user_id,
        Block.created_by_user_id,
        Report.reporter_user_id,
        Report.resolved_by_user_id,
        ProgrammeEdit.author_user_id,
        ProgrammeEdit.decided_by_user_id,
        Claim.decided_by_user_id,
        PossibleDuplicate.decided_by_user_id,
        PracticeExample.author_user_id,
        PracticeExample.professional_agreed_by_user_id,
        PracticeExample.programme_agreed_by_user_id,
        PracticeExample.reviewed_by_user_id,
        HelpRequest.closed_by_user_id,
        RegisterCheck.decided_by_user_id,
        SurveyWave.created_by_user_id,
    ):
        values: dict[str, object] = {column.key: None}
        if column is Introduction.proposer_user_id:
            values["lead_note"] = ""
        db.session.execute(update(column.class_).where(column == user.id).values(values))
    # Whoever asked waits for another lead.
    db.session.execute(
        update(HelpRequest)
        .where(HelpRequest.taken_by_user_id == user.id)
        .values(state=HelpState.WAITING, taken_by_user_id=None, taken_at=None)
    )


def _forget_contact_of(user: User) -> None:
    """An organisation that names them, or their address, as its contact names nobody for now."""
    named = Programme.contact_email == user.email
    db.session.execute(
        update(Programme)
        .where(named)
        .values(contact_name="", contact_email="", contact_phone="", version=Programme.version + 1)
    )
    db.session.execute(
        update(Organisation)
        .where(Organisation.email == user.email)
        .values(email="", version=Organisation.version + 1)
    )


def _forget_contact_in_changes(user: User) -> None:
    """A change that would name them as the contact, or did not come to, names nobody."""
    for edit in programme_history.list_naming(user.email):
        edit.details = programme_history.without_contact(edit.details)
        edit.version += 1
    db.session.flush()


def _forget_words_of(professional: Professional) -> None:
    """Of what they had with others, only that it was, how it went and what came of it stays."""
    own = Introduction.professional_id == professional.id
    introductions = select(Introduction.id).where(own)
    words = ("purpose", "lead_note", "decline_note", "closing_note", "shared_purpose", "next_step")
    is_own = OutsideContact.professional_id == professional.id
    statements = (
        update(Introduction).where(own).values(dict.fromkeys(words, "")),
        update(IntroductionQuestion)
        .where(IntroductionQuestion.introduction_id.in_(introductions))
        .values(body=""),
        update(IntroductionQuestion)
        .where(
            IntroductionQuestion.introduction_id.in_(introductions),
            IntroductionQuestion.reply.is_not(None),
        )
        .values(reply=""),
        update(CheckIn)
        .where(CheckIn.introduction_id.in_(introductions), CheckIn.side == Side.PROFESSIONAL)
        .values(note=""),
        update(OutsideContact).where(is_own).values(met="", purpose=""),
        delete(Reflection).where(Reflection.professional_id == professional.id),
        delete(Dismissal).where(Dismissal.professional_id == professional.id),
        delete(Block).where(Block.professional_id == professional.id),
        delete(RegisterCheck).where(RegisterCheck.professional_id == professional.id),
    )
    for statement in statements:
        db.session.execute(statement)


def _forget_profile(professional: Professional, now: datetime) -> None:
    """Profession and areas stay, for the counts; a postcode district would say too much."""
    professional.terms.clear()
    for area in professional.areas:
        area.district = None
    professional.setting = None
    professional.employer = ""
    professional.hcpc_number = ""
    professional.hcpc_checked_at = None
    professional.offers_text = ""
    professional.seeks_text = ""
    professional.min_age = professional.max_age = None
    professional.delivery = Delivery.BOTH
    professional.is_willing_to_signpost = False
    professional.is_willing_to_refer = False
    professional.is_willing_to_advise = False
    professional.is_willing_to_run_together = False
    professional.is_findable = False
    professional.is_available = False
    professional.available_again_on = None
    professional.version += 1
    professional.updated_at = now
    db.session.flush()
