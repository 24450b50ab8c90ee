"""An account: what it is, where it signed in, which mails it got and what it did."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_

from matchmaker.models import (
    AuditEvent,
    EmailChange,
    LeadScope,
    LinkToken,
    MutedNotification,
    OutboxMail,
    Report,
    User,
    UserSession,
)
from matchmaker.services.personal_data.part import KIND, WHEN, WRITTEN, Part

ACCOUNT: tuple[Part, ...] = (
    Part(
        "account",
        _l("Your account"),
        User,
        lambda person: User.id == person.user_id,
        {
            "name": _l("Name"),
            "email": _l("E-mail address"),
            "phone": _l("Phone"),
            "is_administrator": _l("Administrator"),
            "created_at": _l("Account since"),
            "password_changed_at": _l("Password changed"),
            "last_active_on": _l("Last here on"),
            "bounced_at": _l("Mail to you was refused"),
            "quiet_from_hour": _l("No mail from this hour"),
            "quiet_until_hour": _l("Mail again from this hour"),
            "digest_sent_at": _l("Last weekly mail"),
        },
    ),
    Part(
        "areas_led",
        _l("Areas you look after"),
        LeadScope,
        lambda person: LeadScope.user_id == person.user_id,
        {"area_code": _l("Area")},
    ),
    Part(
        "sessions",
        _l("Where you signed in"),
        UserSession,
        lambda person: UserSession.user_id == person.user_id,
        {
            "browser": _l("Browser"),
            "created_at": _l("Signed in"),
            "last_used_at": _l("Last used"),
            "ended_at": _l("Ended"),
        },
    ),
    Part(
        "email_changes",
        _l("Changes of your e-mail address"),
        EmailChange,
        lambda person: EmailChange.user_id == person.user_id,
        {
            "new_email": _l("New address"),
            "requested_at": _l("Asked for"),
            "old_confirmed_at": _l("Confirmed at the old address"),
            "new_confirmed_at": _l("Confirmed at the new address"),
            "cancelled_at": _l("Stopped"),
            "done_at": _l("Changed"),
        },
    ),
    Part(
        "links",
        _l("Links we mailed to you"),
        LinkToken,
        lambda person: or_(LinkToken.user_id == person.user_id, LinkToken.email == person.email),
        {
            "purpose": _l("What for"),
            "email": _l("Sent to"),
            "details": _l("What it was about"),
            "created_at": _l("Sent"),
            "expires_at": _l("Good until"),
            "used_at": _l("Used"),
        },
    ),
    Part(
        "mails",
        _l("Mails to you"),
        OutboxMail,
        lambda person: or_(
            OutboxMail.user_id == person.user_id, OutboxMail.recipient == person.email
        ),
        {
            "kind": KIND,
            "recipient": _l("Sent to"),
            "subject": _l("Subject"),
            "created_at": WRITTEN,
            "send_after_at": _l("Not before"),
            "sent_at": _l("Sent"),
            "failed_at": _l("Given up"),
            "last_error": _l("What the mail server said"),
        },
    ),
    Part(
        "mails_switched_off",
        _l("Mails you switched off"),
        MutedNotification,
        lambda person: MutedNotification.user_id == person.user_id,
        {"kind": KIND, "muted_at": WHEN},
    ),
)

REPORTS: tuple[Part, ...] = (
    Part(
        "reports",
        _l("What you reported"),
        Report,
        lambda person: Report.reporter_user_id == person.user_id,
        {
            "address": _l("Page"),
            "quoted": _l("Message"),
            "reason": _l("What is wrong"),
            "note": _l("Your note"),
            "reported_at": WHEN,
            "resolution": _l("What was done"),
            "resolved_at": _l("Done"),
        },
    ),
)

STEPS: tuple[Part, ...] = (
    Part(
        "steps",
        _l("Important steps"),
        AuditEvent,
        lambda person: or_(
            AuditEvent.actor_user_id == person.user_id,
            and_(AuditEvent.subject_type == "user", AuditEvent.subject_id == person.user_id),
        ),
        {
            "at": WHEN,
            "action": _l("What"),
            "subject_type": _l("To what"),
            "details": _l("More"),
        },
    ),
)
