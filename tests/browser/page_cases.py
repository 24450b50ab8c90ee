"""Every page in every state it shows in its own way: who opens which address, and what they press.

Names in braces are filled in from `page_world.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser.page_world import LONG_WORD
from tests.web.world import VISITOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OVER = ("completed", "ended", "declined", "withdrawn", "expired", "superseded")
OPEN = (
    *("asked_by_professional", "asked_by_programme", "asked_by_lead", "waits_for_places"),
    *("waits_for_reply", "waits_for_somebody"),
    *("new", "active", "on_hold", "long_introduction"),
)
TASKS = ("work", "places", "people", "approaches", "seeking", "engagement", "visibility")
FILLED_IN = "/?profession=physiotherapist&where=Fife&conditions=stroke&approaches=arts&text=A+choir"
CHANGES = ("edit_id", "disputed_edit_id", "sent_back_edit_id", "published_edit_id", "first_edit_id")
WHAT_WE_READ_OF_PROFESSIONAL = (
    "/profile/seeking/what-we-read?term=condition.falls&term=condition.copd"
    "&term=approach.physical-activity"
)
WHAT_WE_READ_OF_PROGRAMME = (
    "/programmes/{long_programme_id}/what-we-read?term=condition.lung-conditions"
)
INTRODUCE_MET = "/contacts/{met_contact_id}/introduction?programme={other_programme_id}"
SHARED = (
    "?p={programme_id}&p={paused_programme_id}&p={closed_programme_id}&p={long_programme_id}"
    f"&p={{draft_id}}&name={LONG_WORD}"
)
FOUND = "/try?profession=physiotherapist&where=KY12&conditions=stroke"


@dataclass(frozen=True)
class Case:
    """A page: `press` is a button whose answer is looked at in its place, after `fill`.

    `has_errors` says that it lists what is wrong with the answers that were given.
    """

    person: str
    address: str
    press: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    status: int = 200
    has_errors: bool = False

    def __str__(self) -> str:
        return f"{self.person} {self.address} {self.press}".strip()


def all_cases() -> tuple[Case, ...]:
    """Every page to look at."""
    return (
        *_seen_by(VISITOR, PUBLIC),
        *_refused(VISITOR, MISTAKES_OF_VISITORS),
        *_links(),
        *_seen_by("newcomer", OF_NEWCOMER),
        *_refused("newcomer", MISTAKES_OF_NEWCOMERS),
        *_seen_by("beginner", OF_BEGINNER),
        *_seen_by("professional", OF_PROFESSIONAL),
        *_refused("professional", MISTAKES_OF_PROFESSIONALS),
        *_seen_by("owner", OF_OWNER),
        *_refused("owner", MISTAKES_OF_OWNERS),
        *_seen_by("editor", OF_EDITOR),
        *_seen_by("owner", OF_TELLERS),
        *_seen_by("professional", OF_TELLERS),
        *_seen_by("outsider", ("/introductions/", "/home")),
        *_seen_by("longwinded", OF_LONGWINDED),
        *_seen_by("lead", OF_LEAD),
        *_refused("lead", MISTAKES_OF_LEADS),
        *_seen_by("distant_lead", ("/lead/", "/lead/brokered", "/lead/programmes/{programme_id}")),
        *_seen_by("administrator", OF_ADMINISTRATOR),
        *_refused("administrator", MISTAKES_OF_ADMINISTRATORS),
        *_seen_by("lead", SURVEYS_OF_LEAD),
        *_refused("lead", MISTAKES_IN_SURVEYS),
        *_seen_by("professional", SURVEYS_TO_ANSWER),
        *NOT_FOR_THEM,
        *MISUNDERSTOOD,
    )


PUBLIC = (
    "/",
    "/find",
    "/find?page=2&sort=checked",
    "/find?q=stroke+near+KY12",
    "/find?where=KY12&conditions=stroke&approaches=arts&within=25&delivery=in_person&age=70",
    "/find?q=strroke+near+Dunfirmline&free=yes&places=yes",
    f"/find?q={LONG_WORD}&where={LONG_WORD}&conditions={LONG_WORD}",
    FILLED_IN,
    FOUND,
    f"{FOUND}&show=20",
    "/try?where=Dunfirmline&conditions=strroke",
    f"/try?where={LONG_WORD}&conditions={LONG_WORD}&text={LONG_WORD}",
    "/register",
    f"/register{FOUND.removeprefix('/try')}",
    "/register/check-mail",
    "/sign-in",
    "/sign-in?next=/home",
    "/reset-password",
    "/privacy",
    "/report",
    "/report?page=/glossary",
    "/report/sent",
    "/account/erased",
    "/accessibility",
    "/help",
    "/how-matching-works",
    "/figures-explained",
    "/glossary",
    "/open-data",
    "/embed",
    f"/embed?q={LONG_WORD}&where=Fife",
    "/embed/find?q=stroke+near+KY12",
    f"/embed/find?q={LONG_WORD}",
    "/list",
    "/list/print",
    "/lists/name",
    "/lists/delete",
    "/lists/shared",
    f"/lists/shared{SHARED}",
    f"/lists/shared/print{SHARED}",
    "/list/print",
    "/lists/name",
    "/lists/delete",
    "/lists/shared",
    f"/lists/shared{SHARED}",
    f"/lists/shared/print{SHARED}",
    "/examples",
    "/examples?q=stroke+choir&condition=stroke-and-brain-injury",
    f"/examples?q={LONG_WORD}&approach=moving",
    "/examples/{published_example_id}",
    "/examples/{named_example_id}",
    "/examples/{long_example_id}",
    "/programmes/{programme_id}",
    "/programmes/{paused_programme_id}",
    "/programmes/{closed_programme_id}",
    "/programmes/{full_programme_id}",
    "/programmes/{placed_programme_id}",
    "/programmes/{unclaimed_programme_id}",
    "/programmes/{long_programme_id}",
    "/programmes/{old_programme_id}",
    "/organisations/{organisation_id}",
    "/organisations/{unclaimed_id}",
    "/organisations/{long_organisation_id}",
    "/dev/mail",
    "/dev/mail/{mail_id}",
    "/dev/mail/{long_mail_id}",
    "/dev/mail/{request_mail_id}",
    "/dev/mail/{request_mail_id}/html",
    "/dev/mail/{digest_mail_id}/html",
    "/unsubscribe/{unsubscribe}",
)
MISTAKES_OF_VISITORS = {
    "/reply/{reply_token}": ("Send message", 422),
    "/register": ("Send me the link", 200),
    "/report?page=/glossary": ("Send the report", 422),
    "/sign-in": ("Sign in", 200),
    "/reset-password": ("Send me a link", 200),
    "/register/{register}": ("Create my account", 200),
    "/reset-password/{reset}": ("Change my password", 200),
    "/join/{join_newly}": ("Create my account", 200),
    "/answer/{answer_asked_by_professional}?say=no": ("Say no", 422),
    "/answer/{answer_asked_by_professional}?say=question": ("Ask the question", 422),
    "/answer/{answer_asked_by_professional}?say=colleague": ("Say no and name this programme", 422),
    "/question/{question_token}": ("Send the reply", 422),
}
OF_NEWCOMER = (
    "/home",
    "/profile/start",
    "/organisations/new",
    "/account",
    "/account/name",
    "/account/mail",
    "/account/email",
    "/account/password",
    "/account/sessions",
    "/account/blocked",
    "/account/data",
    "/account/erase",
    "/introductions/",
    "/join/{join}",
    *(f"/organisations/{{{which}_id}}/claim" for which in ("unclaimed", "organisation")),
    "/organisations/{own_domain_id}/claim",
)
MISTAKES_OF_NEWCOMERS = {
    "/lists": ("Begin the list", 422),
    "/organisations/new": ("Save", 422),
    "/organisations/{organisation_id}/claim": ("Ask to look after this page", 422),
    "/account/password": ("Change my password", 200),
    "/account/email": ("Send me the links", 200),
    "/account/erase": ("Erase my account", 422),
}
OF_BEGINNER = (
    "/profile/registration",
    *("/home", "/profile/", "/profile/answers", "/profile/preview"),
    *("/suggestions", "/suggestions/put-aside", "/introductions/"),
    *("/contacts/", "/profile/development"),
)
OF_PROFESSIONAL = (
    "/profile/registration",
    "/ask-a-lead",
    "/ask-a-lead/{request_id}",
    "/ask-a-lead/{answered_request_id}",
    *("/check-ins/{check_in_id}", "/check-ins/{check_in_id}?going=going"),
    "/check-ins/{check_in_id}?going=done",
    "/check-ins/{check_in_id}?going=going&came_of_it=partly",
    "/check-ins/{check_in_id}?going=ended&came_of_it=not_achieved",
    *("/contacts/", "/contacts/new", "/contacts/{contact_id}", "/contacts/{contact_id}/edit"),
    *(f"/contacts/{{{kind}_contact_id}}" for kind in ("met", "introduced", "long")),
    *("/contacts/{long_contact_id}/edit", "/contacts/{long_contact_id}/delete", INTRODUCE_MET),
    *("/profile/development", "/profile/development/introductions/{active_id}"),
    "/profile/development/contacts/{long_contact_id}",
    *("/home", "/profile/", "/profile/answers", "/profile/preview"),
    *(f"/profile/{task}" for task in TASKS),
    "/suggestions",
    "/suggestions?show=20",
    "/suggestions/put-aside",
    "/suggestions/{other_programme_id}/not-for-us",
    "/programmes/{programme_id}",
    "/programmes/{other_programme_id}",
    *("/list", "/list/print", "/lists", "/lists/delete"),
    "/introductions/",
    "/introductions/{introduction_id}",
    *(f"/introductions/{{{state}_id}}" for state in (*OPEN, *OVER)),
    "/introductions/{asked_by_programme_id}/decline",
    "/introductions/{asked_by_programme_id}/colleague",
    "/introductions/{asked_by_programme_id}/question",
    "/introductions/{asked_by_programme_id}/question?words=2",
    "/introductions/{waits_for_reply_id}/reply",
    "/introductions/{waits_for_reply_id}/reply?words=1",
    "/introductions/{asked_by_professional_id}/reply",
    "/introductions/{asked_by_professional_id}/withdraw",
    "/introductions/{active_id}/withdraw",
    "/introductions/{active_id}/complete",
    "/introductions/{active_id}/end",
    "/introductions/{active_id}/block",
    "/introductions/messages/{message_id}/report",
    "/introductions/new/{other_programme_id}",
    "/introductions/new/{other_programme_id}?words=1",
    "/introductions/new/{paused_programme_id}",
    "/introductions/new/{unclaimed_programme_id}",
    "/account/blocked",
    "/account/data",
    "/organisations/{organisation_id}",
    "/organisations/{organisation_id}/block",
    WHAT_WE_READ_OF_PROFESSIONAL,
)
MISTAKES_OF_PROFESSIONALS = {
    "/ask-a-lead": ("Ask for help", 422),
    "/introductions/{completed_id}/example/write": ("Save", 422),
    "/contacts/new": ("Save", 422),
    INTRODUCE_MET: ("Ask for an introduction", 422),
    "/suggestions/{other_programme_id}/not-for-us": ("Do not suggest it again", 200),
    "/introductions/{asked_by_programme_id}/decline": ("Say no", 422),
    "/introductions/{asked_by_programme_id}/colleague": ("Say no and tell my colleague", 422),
    "/introductions/{asked_by_programme_id}/question": ("Ask the question", 422),
    "/introductions/{waits_for_reply_id}/reply": ("Send the reply", 422),
    "/introductions/{active_id}/complete": ("Mark as completed", 422),
    "/introductions/{active_id}/end": ("Mark as ended", 422),
    "/introductions/{active_id}": ("Send message", 422),
    "/introductions/messages/{message_id}/report": ("Send the report", 422),
    "/introductions/new/{other_programme_id}": ("Ask for an introduction", 200),
    WHAT_WE_READ_OF_PROFESSIONAL: ("Add these", 422),
}
OF_OWNER = (
    "/ask-a-lead?words=A+walking+group&where=Fife",
    "/home",
    "/claims/{owned_claim_id}",
    *("/contacts/", "/contacts/{organisation_contact_id}"),
    "/account/erase",
    "/introductions/",
    *(f"/introductions/{{{state}_id}}" for state in (*OPEN, *OVER) if "long" not in state),
    "/introductions/{asked_by_professional_id}/decline",
    "/introductions/{asked_by_professional_id}/colleague",
    "/introductions/{asked_by_professional_id}/question",
    "/introductions/{active_id}/block",
    "/organisations/{organisation_id}",
    "/organisations/{organisation_id}/manage",
    "/organisations/{organisation_id}/edit",
    "/organisations/{organisation_id}/invite",
    "/imports/organisations/{organisation_id}",
    "/imports/conflicts",
    "/organisations/{organisation_id}/leave",
    "/organisations/{organisation_id}/evidence",
    "/organisations/{organisation_id}/evidence?period={reported_year}",
    "/programmes/new?organisation={organisation_id}",
    "/programmes/{programme_id}",
    "/programmes/{draft_id}",
    "/programmes/{paused_programme_id}",
    "/programmes/{closed_programme_id}",
    "/programmes/{programme_id}/edit",
    "/programmes/{full_programme_id}/edit",
    "/programmes/{programme_id}/history",
    "/programmes/{full_programme_id}/history",
    "/programmes/{draft_id}/history",
    *(f"/programmes/changes/{{{each}}}" for each in CHANGES),
    "/programmes/changes/{edit_id}/send-back",
    "/programmes/{draft_id}/edit",
    "/programmes/{empty_draft_id}/edit",
    "/programmes/{programme_id}/preview",
    "/programmes/{draft_id}/preview",
    "/programmes/{empty_draft_id}/preview",
    "/programmes/{programme_id}/neighbours",
    "/programmes/{empty_draft_id}/neighbours",
    "/programmes/{programme_id}/places",
    "/programmes/{full_programme_id}/places",
    "/programmes/{programme_id}/close",
    "/programmes/{programme_id}/suggestions",
    "/programmes/{full_programme_id}/suggestions",
    "/programmes/{paused_programme_id}/suggestions",
    "/programmes/{programme_id}/suggestions/{other_professional_id}/put-aside",
    "/introductions/new/{programme_id}/{other_professional_id}",
)
MISTAKES_OF_OWNERS = {
    "/imports/organisations/{organisation_id}": ("Continue", 200),
    "/programmes/changes/{edit_id}/send-back": ("Send it back", 422),
    "/programmes/changes/{disputed_edit_id}": ("Publish the change", 422),
    "/organisations/{organisation_id}/invite": ("Send the invitation", 200),
    "/organisations/{organisation_id}/leave": ("Leave", 422),
    "/programmes/{programme_id}/suggestions/{other_professional_id}/put-aside": ("Save", 422),
    "/introductions/new/{programme_id}/{other_professional_id}": ("Ask for an introduction", 200),
    "/answer/{answer_asked_by_professional}?say=no": ("Say no", 422),
    "/introductions/{asked_by_professional_id}/colleague": ("Say no and name this programme", 422),
}
OF_EDITOR = (
    *("/home", "/organisations/{organisation_id}/manage"),
    *("/programmes/{programme_id}/edit", "/programmes/{full_programme_id}/edit"),
    *("/programmes/changes/{edit_id}", "/programmes/changes/{sent_back_edit_id}"),
)
OF_LONGWINDED = (
    "/home",
    "/account",
    "/account/erase",
    "/account/sessions",
    "/introductions/",
    "/introductions/{long_introduction_id}",
    "/organisations/{long_organisation_id}/manage",
    "/organisations/{long_organisation_id}/leave",
    "/organisations/{long_organisation_id}/evidence",
    "/organisations/{quiet_organisation_id}/evidence",
    "/organisations/{long_organisation_id}/edit",
    "/programmes/{long_programme_id}",
    "/programmes/{long_programme_id}/edit",
    "/programmes/{long_programme_id}/preview",
    "/programmes/{long_programme_id}/history",
    "/programmes/changes/{long_edit_id}",
    "/programmes/{long_programme_id}/suggestions",
    WHAT_WE_READ_OF_PROGRAMME,
)
# What the two of an introduction tell others of it.
OF_TELLERS = (
    "/introductions/{completed_id}/example/write",
    "/introductions/{named_told_id}",
    *(
        f"/examples/{{{each}_example_id}}/ours"
        for each in ("unfinished", "draft", "agreed", "named", "long", "gone")
    ),
    "/examples/{example_id}/ours",
    "/introductions/{draft_told_id}/example/write",
    "/introductions/{named_told_id}/example/write",
    "/examples/{named_example_id}/withdraw",
    "/examples/{named_example_id}",
)
OF_LEAD = (
    "/home",
    "/lead/register-checks",
    "/lead/register-checks/{check_id}",
    "/lead/register-checks/{found_check_id}",
    "/lead/help",
    "/lead/help/{request_id}",
    "/lead/help/{taken_request_id}",
    "/lead/help/{others_request_id}",
    "/lead/help/{answered_request_id}",
    "/lead/examples",
    "/lead/examples/{example_id}",
    "/lead/examples/{example_id}/send-back",
    "/lead/examples/{named_example_id}",
    "/lead/examples/{draft_example_id}",
    "/lead/",
    "/lead/programmes",
    "/lead/programmes?words=stroke",
    f"/lead/programmes?words={LONG_WORD}x",
    f"/lead/programmes?words={LONG_WORD}",
    "/lead/programmes?which=never-suggested",
    "/lead/programmes?which=never-answered",
    "/lead/professionals",
    "/lead/professionals?which=never-suggested&profession=physiotherapist",
    "/lead/professionals?which=never-answered",
    "/lead/professionals/{other_professional_id}",
    "/lead/brokered",
    "/lead/programmes/{programme_id}",
    "/lead/programmes/{programme_id}/{other_professional_id}",
    "/lead/organisations/{unclaimed_id}/invite",
    "/lead/gaps/",
    "/lead/gaps/?area=K02000001&period=2025-q3",
    "/lead/gaps/map?group=stroke-and-brain-injury",
    "/lead/gaps/map?group=lungs-and-breathing&measure=unmet",
    "/lead/gaps/reach",
    "/lead/gaps/overlaps",
    "/lead/gaps/overlaps?area=S92000003",
    "/lead/gaps/closing?group=stroke-and-brain-injury",
    "/lead/gaps/closing?area=K02000001&group=long-term-pain",
    "/lead/activity/",
    *(f"/lead/activity/{part}?period=2026-q3" for part in ("times", "outcomes", "kinds", "trends")),
    "/lead/activity/kinds",
    "/lead/activity/?area=K02000001&period=2026-06",
    "/lead/activity/waiting",
    "/lead/quality/",
    "/lead/quality/?period=2025-q3",
    "/lead/packs/",
    "/lead/packs/S08000029/2026-q3",
    "/lead/packs/K02000001/2026-06",
    "/claims/{claim_id}",
    "/imports/",
    "/imports/new",
    "/imports/{import_id}",
    "/imports/{import_id}/columns",
    "/imports/conflicts",
    "/imports/conflicts/{record_id}",
    "/duplicates/",
    "/duplicates/{pair_id}",
)
MISTAKES_OF_LEADS = {
    "/lead/register-checks/{check_id}": ("Save", 422),
    "/lead/help/{request_id}": ("Send the answer", 422),
    "/lead/examples/{example_id}/send-back": ("Send it back", 422),
    "/imports/new": ("Continue", 200),
    "/imports/conflicts/{record_id}": ("Save", 200),
    "/duplicates/{pair_id}": ("Put them together", 200),
    "/lead/programmes/{programme_id}/{other_professional_id}": ("Suggest this introduction", 200),
    "/lead/organisations/{unclaimed_id}/invite": ("Send the invitation", 200),
    "/claims/{claim_id}": ("Save", 422),
}
SURVEYS_OF_LEAD = (
    "/lead/surveys/",
    "/lead/surveys/new",
    "/lead/surveys/{draft_wave_id}",
    "/lead/surveys/{draft_wave_id}/edit",
    "/lead/surveys/{draft_wave_id}/questions/new",
    "/lead/surveys/{draft_wave_id}/preview",
    "/lead/surveys/{draft_wave_id}/preview?page=partnership",
    "/lead/surveys/{draft_wave_id}/preview?page=would_help",
    "/lead/surveys/{draft_wave_id}/open",
    "/lead/surveys/{small_wave_id}/open",
    "/lead/surveys/{draft_wave_id}/delete",
    "/lead/surveys/questions/{survey_question_id}",
    "/lead/surveys/{open_wave_id}",
    "/lead/surveys/{open_wave_id}/close",
    "/lead/surveys/{open_wave_id}/results",
    "/lead/surveys/{closed_wave_id}",
    "/lead/surveys/{closed_wave_id}/results",
    "/lead/surveys/{few_wave_id}/results",
    "/lead/surveys/themes/{closed_theme_id}",
)
MISTAKES_IN_SURVEYS = {
    "/lead/surveys/new": ("Continue", 422),
    "/lead/surveys/{draft_wave_id}/questions/new": ("Save the question", 422),
}
SURVEYS_TO_ANSWER = (
    "/surveys/",
    "/surveys/{wave_id}",
    "/surveys/{wave_id}/check",
    "/surveys/{open_wave_id}",
    "/surveys/{open_wave_id}/activity",
    "/surveys/{open_wave_id}/partnership?from=check",
    "/surveys/{open_wave_id}/works",
    "/surveys/{open_wave_id}/check",
    "/surveys/{closed_wave_id}",
)
OF_ADMINISTRATOR = (
    "/lead/",
    "/home",
    "/admin/",
    "/admin/people",
    "/admin/people?page=2",
    f"/admin/people?words={LONG_WORD}",
    f"/admin/people?words={LONG_WORD}x",
    "/admin/people?which=bounced",
    "/admin/people/{user_id}",
    "/admin/people/{longwinded_id}",
    "/admin/people/{erased_id}",
    "/admin/people/{lead_id}/roles",
    "/admin/people/{user_id}/roles",
    "/admin/organisations",
    "/admin/organisations?which=unclaimed",
    "/admin/organisations/{organisation_id}",
    "/admin/organisations/{unclaimed_id}",
    "/admin/organisations/{long_organisation_id}",
    "/admin/organisations/{long_organisation_id}/invite",
    "/admin/reports",
    "/admin/reports?done=1",
    "/admin/reports?page=2",
    "/admin/reports/{report_id}",
    "/admin/reports/{long_report_id}",
    "/admin/reports/{resolved_report_id}",
    "/admin/outbox",
    "/admin/outbox?standing=waiting",
    "/admin/outbox?standing=sent",
    "/admin/audit",
    "/admin/audit?person={longwinded_id}&action=user.&since-day=1&since-month=1&since-year=2026",
    "/admin/audit?subject=nothing&before=1",
)
MISTAKES_OF_ADMINISTRATORS = {
    "/admin/organisations/{unclaimed_id}/invite": ("Send the invitation", 200),
    "/admin/reports/{report_id}": ("Save", 200),
}
NOT_FOR_THEM = (
    Case(VISITOR, "/examples/{gone_example_id}", status=410),
    Case(VISITOR, "/unsubscribe/not-whole", status=410),
    Case(VISITOR, "/no-such-page", status=404),
    Case(VISITOR, "/programmes/{draft_id}", status=404),
    Case(VISITOR, "/sign-out", status=405),
    Case("newcomer", "/lead/", status=403),
    Case("newcomer", "/contacts/new", status=403),
    Case("lead", "/admin/", status=403),
    Case("lead", "/lead/gaps/closing?group=nonsense", status=404),
    Case("lead", "/lead/gaps/map?period=2026-13", status=404),
    Case("lead", "/lead/activity/?area=W92000004", status=404),
    Case("lead", "/lead/activity/?period=2026-13", status=404),
    Case("lead", "/lead/packs/?period=2026-13", status=404),
    Case("lead", "/lead/quality/?period=2026-09", status=404),
    Case("professional", "/programmes/{programme_id}/edit", status=404),
)
# Answers that are not understood, where an empty one would be taken.
MISUNDERSTOOD = (
    Case(VISITOR, "/try", has_errors=True),
    Case(VISITOR, "/embed?where=Narnia", has_errors=True),
    Case(VISITOR, "/find?age=old&within=7", has_errors=True),
    Case(
        "beginner",
        "/profile/places",
        "Save",
        fill=(("Postcode areas", LONG_WORD),),
        has_errors=True,
    ),
    Case("beginner", "/profile/people", "Save", fill=(("Youngest age", "old"),), has_errors=True),
    Case(
        "owner",
        "/programmes/{programme_id}/edit",
        "Publish the change",
        (("Youngest age", "old"), ("Oldest age", "500"), ("Which places does it serve?", "Narnia")),
        status=422,
        has_errors=True,
    ),
    Case("owner", "/programmes/{full_programme_id}/edit", "Add a place"),
    Case("owner", "/programmes/{full_programme_id}/edit", "Add a time"),
    Case(
        "owner",
        "/programmes/{placed_programme_id}/edit",
        "Publish the change",
        (("Postcode", "Narnia"), ("It begins at", "2"), ("It ends at", "soon")),
        status=422,
        has_errors=True,
    ),
    Case(
        "owner",
        "/programmes/{programme_id}/places",
        "Save",
        (("How many new introductions", "many"),),
        status=422,
        has_errors=True,
    ),
    Case(
        "owner",
        "/organisations/{organisation_id}/edit",
        "Save",
        (("Name of the organisation", ""), ("General e-mail address", "nobody")),
        status=422,
        has_errors=True,
    ),
    Case("owner", "/account/name", "Save", fill=(("Your name", ""),), has_errors=True),
    Case(VISITOR, "/unsubscribe/{unsubscribe_pressed}", "Stop these mails"),
    Case(
        "administrator",
        "/admin/people/{user_id}/roles",
        "Save",
        fill=(("Another area", "Narnia"),),
        has_errors=True,
    ),
    Case(
        "administrator",
        f"/admin/audit?person={LONG_WORD}&subject=%3F&until-day=31&until-month=2&until-year=2026",
        has_errors=True,
    ),
)


def _links() -> Iterator[Case]:
    """Links in mail: good, answered or waiting, used, expired, and not copied whole."""
    pages = {
        "register": "/register/{}",
        "reset_password": "/reset-password/{}",
        "join_organisation": "/join/{}",
        "change_email": "/change-email/{}",
        "answer_introduction": "/answer/{}",
        "reply_to_message": "/reply/{}",
        "check_in": "/check-ins/mailed/{}",
        "reply_to_question": "/question/{}",
        "confirm_programme": "/still-right/{}",
    }
    usable = ("/register/{register}", "/reset-password/{reset}", "/join/{join_newly}")
    answers = (
        "/answer/{answer_token}",
        "/answer/{answer_asked_by_professional}",
        "/answer/{answer_asked_by_professional}?say=yes",
        "/answer/{answer_asked_by_professional}?say=no",
        "/answer/{answer_asked_by_professional}?say=question",
        "/answer/{answer_asked_by_professional}?say=question&words=3",
        "/answer/{answer_asked_by_professional}?say=colleague",
        "/answer/{answer_waits_for_places}",
        "/question/{question_token}",
    )
    yield from _seen_by("editor", ("/account", "/change-email/{change_email_new}"))
    yield from _seen_by(VISITOR, ("/change-email/{change_email_old}",))
    afterwards = (
        "/still-right/{still_right_token}",
        *("/reply/{reply_token}", "/reply/{reply_over}", "/check-ins/mailed/{check_in_over}"),
        "/check-ins/mailed/{check_in_token}",
        "/check-ins/mailed/{check_in_token}?going=paused&came_of_it=too_early",
    )
    yield from _seen_by(VISITOR, afterwards)
    yield from _seen_by(VISITOR, (*usable, "/join/{join}", *answers))
    for purpose, page in pages.items():
        for token in (f"{{expired_{purpose}}}", f"{{used_{purpose}}}", "not-whole"):
            yield Case(VISITOR, page.format(token), status=410)


def _seen_by(person: str, addresses: tuple[str, ...]) -> Iterator[Case]:
    return (Case(person, address) for address in addresses)


def _refused(person: str, mistakes: Mapping[str, tuple[str, int]]) -> Iterator[Case]:
    """Forms sent as they are, with a question that must be answered left empty."""
    for address, (button, status) in mistakes.items():
        yield Case(person, address, button, status=status, has_errors=True)
