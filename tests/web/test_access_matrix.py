"""Every route, as every kind of person, against what is written down here.

A new route without a line in `ALLOWED` fails, and so does one that lets in anybody else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from matchmaker import create_app
from matchmaker.config import Environment
from matchmaker.extensions import db
from matchmaker.services.policy import Action, needs_sign_in
from matchmaker.services.policy.rules import RULES
from matchmaker.web.access import UndeclaredRoute, access_rules
from tests.conftest import forget_index
from tests.web.world import PEOPLE, VISITOR, build_world, everybody, sign_in

EVERYBODY = frozenset(PEOPLE)
SIGNED_IN = EVERYBODY - {VISITOR}
PROFESSIONALS = frozenset({"professional", "other_professional"})
MEMBERS = frozenset({"owner", "editor"})
OWNER = frozenset({"owner"})
LEADS = frozenset({"lead", "distant_lead"})
ADMINISTRATOR = frozenset({"administrator"})
PARTIES = MEMBERS | {"professional"}
KEEPERS = PROFESSIONALS | MEMBERS | {"outsider"}

# Who may use each route. Its addresses are filled in from the world; see `ADDRESSES`.
ALLOWED = {
    "accounts.account": SIGNED_IN,
    "accounts.ask_for_reset": EVERYBODY,
    "accounts.check_mail": EVERYBODY,
    "accounts.confirm": EVERYBODY,
    "accounts.confirm_email": EVERYBODY,
    "accounts.do_confirm_email": EVERYBODY,
    "accounts.edit_email": SIGNED_IN,
    "accounts.edit_name": SIGNED_IN,
    "accounts.end_session": frozenset({"professional"}),
    "accounts.edit_password": SIGNED_IN,
    "accounts.erase": SIGNED_IN,
    "accounts.erased": EVERYBODY,
    "accounts.home": SIGNED_IN,
    "accounts.list_sessions": SIGNED_IN,
    "accounts.own_data": SIGNED_IN,
    "accounts.own_data_for_programs": SIGNED_IN,
    "accounts.own_data_to_read": SIGNED_IN,
    "accounts.refuse_email": EVERYBODY,
    "accounts.register": EVERYBODY,
    "accounts.reset_password": EVERYBODY,
    "accounts.sign_in": EVERYBODY,
    "accounts.sign_out": EVERYBODY,
    "accounts.sign_out_everywhere": SIGNED_IN,
    "accounts.stop_email_change": SIGNED_IN,
    "activity.as_csv": LEADS,
    "activity.index": LEADS,
    "activity.show": LEADS,
    "activity.waiting_longest": LEADS,
    "blocks.block_organisation": PROFESSIONALS,
    "blocks.block_other_side": PARTIES,
    "blocks.index": SIGNED_IN,
    "blocks.undo": frozenset({"professional"}),
    "administration.audit_csv": ADMINISTRATOR,
    "administration.audit_trail": ADMINISTRATOR,
    "administration.end_sessions": ADMINISTRATOR,
    "administration.index": ADMINISTRATOR,
    "administration.invite_owner": ADMINISTRATOR,
    "administration.organisation": ADMINISTRATOR,
    "administration.organisations": ADMINISTRATOR,
    "administration.outbox": ADMINISTRATOR,
    "administration.people": ADMINISTRATOR,
    "administration.person": ADMINISTRATOR,
    "administration.report": ADMINISTRATOR,
    "administration.reports": ADMINISTRATOR,
    "administration.retry_mail": ADMINISTRATOR,
    "administration.roles": ADMINISTRATOR,
    "administration.send_reset_link": ADMINISTRATOR,
    "check_ins.by_link": EVERYBODY,
    "check_ins.show": frozenset({"professional"}),
    "claims.claim": SIGNED_IN,
    "claims.review": frozenset({"lead"}) | ADMINISTRATOR,
    "claims.withdraw": frozenset({"newcomer"}),
    "development.mail": EVERYBODY,
    "development.show_html": EVERYBODY,
    "development.show_mail": EVERYBODY,
    "development.sign_in": EVERYBODY,
    "development_record.as_csv": PROFESSIONALS,
    "development_record.index": PROFESSIONALS,
    "development_record.reflect_on_contact": frozenset({"professional"}),
    "development_record.reflect_on_introduction": frozenset({"professional"}),
    "evidence.as_csv": MEMBERS,
    "evidence.make": MEMBERS,
    "evidence.show": MEMBERS,
    "evidence_packs.as_zip": LEADS,
    "evidence_packs.index": LEADS,
    "evidence_packs.show": LEADS,
    "evidence_packs.subscribe": LEADS,
    "evidence_packs.unsubscribe": LEADS,
    "freshness.by_link": EVERYBODY,
    "freshness.still_right": MEMBERS,
    "directory.as_csv": EVERYBODY,
    "directory.find": EVERYBODY,
    "embed.frame": EVERYBODY,
    "embed.index": EVERYBODY,
    "gaps.approaches_csv": LEADS,
    "gaps.closest": LEADS,
    "gaps.index": LEADS,
    "gaps.map_csv": LEADS,
    "gaps.overlapping": LEADS,
    "gaps.overlaps_csv": LEADS,
    "gaps.reach_csv": LEADS,
    "gaps.reached": LEADS,
    "gaps.table_csv": LEADS,
    "gaps.tiles": LEADS,
    "health.healthz": EVERYBODY,
    "help_requests.answer": frozenset({"lead"}),
    "help_requests.ask": KEEPERS,
    "help_requests.put_back": frozenset({"lead"}),
    "help_requests.queue": LEADS | ADMINISTRATOR,
    "help_requests.read": frozenset({"lead"}),
    "help_requests.show": frozenset({"professional"}),
    "help_requests.take": frozenset({"lead"}),
    "help_requests.take_back": frozenset({"professional"}),
    "health.readyz": EVERYBODY,
    "duplicates.decide": frozenset({"lead"}) | ADMINISTRATOR,
    "duplicates.index": LEADS | ADMINISTRATOR,
    "duplicates.keep_apart": frozenset({"lead"}) | ADMINISTRATOR,
    "imports.columns": frozenset({"lead"}),
    "imports.conflict": frozenset({"lead"}) | ADMINISTRATOR,
    "imports.discard": frozenset({"lead"}),
    "imports.index": LEADS | ADMINISTRATOR,
    "imports.list_conflicts": LEADS | ADMINISTRATOR | {"owner", "outsider"},
    "imports.new": LEADS | ADMINISTRATOR,
    "imports.new_for_organisation": OWNER,
    "imports.preview": frozenset({"lead"}),
    "introduction_answers.ask": EVERYBODY,
    "introduction_answers.hand_on": EVERYBODY,
    "introduction_answers.say_no": EVERYBODY,
    "introduction_answers.say_yes": EVERYBODY,
    "introduction_answers.show": EVERYBODY,
    "introductions.accept": PARTIES,
    "introductions.decline": PARTIES,
    "introductions.hand_on": PARTIES,
    "introductions.index": SIGNED_IN,
    "introductions.propose": PROFESSIONALS,
    "introductions.propose_for_programme": MEMBERS,
    "introductions.show": PARTIES,
    "introductions.withdraw": PARTIES,
    "leads.brokered": LEADS,
    "lead_surveys.add_question": frozenset({"lead"}),
    "lead_surveys.close": frozenset({"lead"}),
    "lead_surveys.delete": frozenset({"lead"}),
    "lead_surveys.edit": frozenset({"lead"}),
    "lead_surveys.edit_question": frozenset({"lead"}),
    "lead_surveys.edit_theme": frozenset({"lead"}),
    "lead_surveys.index": LEADS,
    "lead_surveys.move_question": frozenset({"lead"}),
    "lead_surveys.new": LEADS,
    "lead_surveys.open_wave": frozenset({"lead"}),
    "lead_surveys.preview": frozenset({"lead"}),
    "lead_surveys.read": frozenset({"lead"}),
    "lead_surveys.read_csv": frozenset({"lead"}),
    "lead_surveys.remind": frozenset({"lead"}),
    "lead_surveys.remove_question": frozenset({"lead"}),
    "lead_surveys.show": frozenset({"lead"}),
    "leads.index": LEADS | ADMINISTRATOR,
    "leads.invite": frozenset({"lead"}) | ADMINISTRATOR,
    "leads.list_professionals": LEADS,
    "leads.professionals": LEADS,
    "leads.programmes": LEADS,
    "leads.propose": frozenset({"lead"}),
    "leads.suggested_programmes": frozenset({"lead"}),
    "lists.add": EVERYBODY,
    "lists.delete": EVERYBODY,
    "lists.index": SIGNED_IN,
    "lists.keep": EVERYBODY,
    "lists.paper": EVERYBODY,
    "lists.remove": EVERYBODY,
    "lists.rename": EVERYBODY,
    "lists.shared": EVERYBODY,
    "lists.shared_paper": EVERYBODY,
    "lists.shared_table": EVERYBODY,
    "lists.show": EVERYBODY,
    "lists.table": EVERYBODY,
    "lists.take_over": SIGNED_IN,
    "lists.use": frozenset({"professional"}),
    "matching_quality.as_csv": LEADS,
    "matching_quality.index": LEADS,
    "memberships.invite": OWNER,
    "memberships.join": EVERYBODY,
    "memberships.leave": MEMBERS,
    "neighbours.show": MEMBERS,
    "message_replies.send": EVERYBODY,
    "message_replies.show": EVERYBODY,
    "notifications.choices": SIGNED_IN,
    "notifications.switch_off": EVERYBODY,
    "notifications.unsubscribe": EVERYBODY,
    "open_data.index": EVERYBODY,
    "open_referral.about": EVERYBODY,
    "open_referral.openapi": EVERYBODY,
    "open_referral.service": EVERYBODY,
    "open_referral.service_at_location": EVERYBODY,
    "open_referral.service_at_locations": EVERYBODY,
    "open_referral.services": EVERYBODY,
    "open_referral.taxonomies": EVERYBODY,
    "open_referral.taxonomy": EVERYBODY,
    "open_referral.taxonomy_term": EVERYBODY,
    "open_referral.taxonomy_terms": EVERYBODY,
    "organisations.change_role": OWNER,
    "organisations.edit": MEMBERS,
    "organisations.manage": MEMBERS,
    "organisations.new": SIGNED_IN,
    "organisations.remove_member": OWNER,
    "organisations.show": EVERYBODY,
    "outside_contacts.delete": frozenset({"professional"}),
    "outside_contacts.edit": frozenset({"professional"}),
    "outside_contacts.index": KEEPERS,
    "outside_contacts.introduce": frozenset({"professional"}),
    "outside_contacts.new": KEEPERS,
    "outside_contacts.show": frozenset({"professional"}),
    "pages.accessibility": EVERYBODY,
    "pages.figures_explained": EVERYBODY,
    "pages.glossary": EVERYBODY,
    "pages.help_page": EVERYBODY,
    "pages.how_matching_works": EVERYBODY,
    "pages.privacy": EVERYBODY,
    "programmes.close": MEMBERS,
    "programmes.confirm_read": MEMBERS,
    "programmes.edit": MEMBERS,
    "programmes.history": MEMBERS,
    "programmes.publish_edit": OWNER,
    "programmes.send_back_edit": OWNER,
    "programmes.show_edit": MEMBERS,
    "programmes.withdraw_edit": MEMBERS,
    "programmes.new": MEMBERS,
    "programmes.pause": MEMBERS,
    "programmes.places": MEMBERS,
    "partnerships.agree": PARTIES,
    "partnerships.complete": PARTIES,
    "partnerships.end": PARTIES,
    "partnerships.hold": PARTIES,
    "partnerships.next_step_file": PARTIES,
    "partnerships.offer_example": PARTIES,
    "partnerships.send_message": PARTIES,
    "partnerships.start": PARTIES,
    "partnerships.take_back_example": PARTIES,
    "practice_examples.agree": PARTIES,
    "practice_examples.index": EVERYBODY,
    "practice_examples.ours": PARTIES,
    "practice_examples.publish": frozenset({"lead"}) | ADMINISTRATOR,
    "practice_examples.queue": LEADS | ADMINISTRATOR,
    "practice_examples.review": frozenset({"lead"}) | ADMINISTRATOR,
    "practice_examples.send_back": frozenset({"lead"}) | ADMINISTRATOR,
    "practice_examples.show": EVERYBODY,
    "practice_examples.take_back": PARTIES,
    "practice_examples.withdraw": PARTIES,
    "practice_examples.write": PARTIES,
    "profile.check_answers": PROFESSIONALS,
    "profile.confirm_read": PROFESSIONALS,
    "profile.edit": PROFESSIONALS,
    "profile.preview": PROFESSIONALS,
    "profile.start": SIGNED_IN,
    "profile.tasks": PROFESSIONALS,
    "programmes.bring_back": MEMBERS,
    "programmes.preview": MEMBERS,
    "programmes.publish": MEMBERS,
    "programmes.put_aside": MEMBERS,
    "programmes.reopen": MEMBERS,
    "programmes.show": EVERYBODY,
    "programmes.still_right": MEMBERS,
    "programmes.suggestions": MEMBERS,
    "programmes.times_file": EVERYBODY,
    "questions.ask": PARTIES,
    "questions.reply": PARTIES,
    "questions.reply_by_link": EVERYBODY,
    "questions.show_link": EVERYBODY,
    "register_checks.check": frozenset({"lead"}),
    "register_checks.own": PROFESSIONALS,
    "register_checks.queue": LEADS,
    "register_checks.withdraw": PROFESSIONALS,
    "reports.report_message": PARTIES,
    "reports.report_page": EVERYBODY,
    "reports.sent": EVERYBODY,
    "sitemap.index": EVERYBODY,
    "sitemap.organisations": EVERYBODY,
    "sitemap.pages": EVERYBODY,
    "sitemap.programmes": EVERYBODY,
    "sitemap.robots": EVERYBODY,
    "static": EVERYBODY,
    "suggestions.start": EVERYBODY,
    "suggestions.try_out": EVERYBODY,
    "suggestions.bring_back": PROFESSIONALS,
    "suggestions.index": PROFESSIONALS,
    "suggestions.not_for_us": PROFESSIONALS,
    "suggestions.not_now": PROFESSIONALS,
    "suggestions.put_aside": PROFESSIONALS,
    "surveys.answer": frozenset({"professional"}),
    "surveys.check": frozenset({"professional"}),
    "surveys.index": SIGNED_IN,
    "surveys.show": frozenset({"professional"}),
    "surveys.take_back": frozenset({"professional"}),
}

# Where an address is not simply filled in by name.
ADDRESSES = {
    "claims.claim": {"organisation_id": "unclaimed_id"},
    "check_ins.by_link": {"token": "check_in_token"},
    "message_replies.send": {"token": "reply_token"},
    "message_replies.show": {"token": "reply_token"},
    "leads.invite": {"organisation_id": "unclaimed_id"},
    "freshness.by_link": {"token": "still_right_token"},
    "introduction_answers.ask": {"token": "answer_token"},
    "introduction_answers.hand_on": {"token": "answer_token"},
    "questions.reply_by_link": {"token": "question_token"},
    "questions.show_link": {"token": "question_token"},
    "introduction_answers.show": {"token": "answer_token"},
    "practice_examples.show": {"example_id": "published_example_id"},
    "introduction_answers.say_yes": {"token": "answer_token"},
    "introduction_answers.say_no": {"token": "answer_token"},
}
QUERIES = {
    "outside_contacts.introduce": {"programme": "programme_id"},
    "programmes.new": {"organisation": "organisation_id"},
}
# Routes whose made-up token or person is honestly not found, by everybody alike.
WITH_NOTHING_BEHIND = frozenset(
    {
        "accounts.confirm",
        "accounts.confirm_email",
        "accounts.do_confirm_email",
        "accounts.refuse_email",
        "accounts.reset_password",
        "development.sign_in",
        "memberships.join",
    }
)


# Who may do what is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def shared_development_app(shared_app, settings) -> Iterator[Flask]:
    """The app with every route it can have.

    A form without its token against forgery is refused by the form and not before it: a POST
    gets as far as the access rule lets it.
    """
    whole = create_app(dataclasses.replace(settings, environment=Environment.DEVELOPMENT))
    whole.config.update(WTF_CSRF_CHECK_DEFAULT=False, TESTING=True)
    yield whole
    with whole.app_context():
        db.engine.dispose()


@pytest.fixture
def development_app(app, shared_development_app) -> Iterator[Flask]:
    """The app with every route, on an empty database."""
    yield shared_development_app
    forget_index(shared_development_app)


def test_every_route_is_written_down_here(development_app):
    assert set(access_rules(development_app)) == set(ALLOWED)


def test_a_route_without_a_rule_stops_the_app_from_starting(app):
    bare = Flask("bare")
    bare.add_url_rule("/forgotten", "forgotten", lambda: "anybody can read this")
    with pytest.raises(UndeclaredRoute, match=r"(static|forgotten)"):
        access_rules(bare)


def test_every_action_has_a_rule():
    assert set(RULES) == set(Action)


@pytest.mark.walk
@pytest.mark.parametrize("person", PEOPLE)
def test_somebody_reads_exactly_what_they_should_and_posts_nothing_else(
    person, development_app, writing
):
    """What changes nothing shares a world: pages, and what is refused."""
    with writing():
        world = build_world()
    client = development_app.test_client()
    if person != VISITOR:
        sign_in(client, world.users[person], writing)
    for endpoint, allowed in ALLOWED.items():
        for method in ("GET", "POST") if person not in allowed else ("GET",):
            address = _address(development_app, endpoint, method, world)
            if address is not None:
                _check(endpoint, person, client, method, address)


@pytest.mark.walk
@pytest.mark.parametrize("endpoint", sorted(ALLOWED))
def test_a_route_takes_what_those_post_whom_it_should_let_in(endpoint, development_app, writing):
    rules = development_app.url_map.iter_rules(endpoint)
    methods = {method for rule in rules for method in rule.methods}
    # Nothing is asked for in another way, which this walk would not try.
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}
    if "POST" not in methods:
        return
    with writing():
        world = build_world()
    address = _address(development_app, endpoint, "POST", world)
    for person in PEOPLE:
        if person in ALLOWED[endpoint]:
            client = development_app.test_client()
            if person != VISITOR:
                sign_in(client, world.users[person], writing)
            _check(endpoint, person, client, "POST", address)


def _check(endpoint, person, client, method, address):
    """Ask as somebody, and hold the answer against what is written down."""
    rule = access_rules(client.application)[endpoint]
    answer = client.open(address, method=method)
    answer.close()
    what = f"{person}: {method} {address}: {answer.status}"
    if person in ALLOWED[endpoint]:
        assert _is_let_in(endpoint, answer), what
    elif person == VISITOR and needs_sign_in(rule.action):
        assert answer.status_code == 302, what
        assert answer.location.startswith("/sign-in"), what
    else:
        assert answer.status_code == (404 if rule.has_subject else 403), what


def _is_let_in(endpoint, answer):
    if endpoint in WITH_NOTHING_BEHIND:
        return answer.status_code in (302, 404, 410)
    is_sent_away = (answer.location or "").startswith("/sign-in?next")
    return answer.status_code < 500 and answer.status_code not in (403, 404) and not is_sent_away


def _address(app, endpoint, method, world):
    """The route's address in this world, or None when it has no such method."""
    for rule in app.url_map.iter_rules(endpoint):
        if method not in rule.methods:
            continue
        names = ADDRESSES.get(endpoint, {})
        values = {
            name: world.values.get(names.get(name, name), "made-up") for name in rule.arguments
        }
        query = {name: world.values[value] for name, value in QUERIES.get(endpoint, {}).items()}
        adapter = app.url_map.bind("localhost")
        return adapter.build(endpoint, {**values, **query}, method=method)
    return None


def test_a_draft_is_for_its_own_organisation_only(development_app, writing):
    with writing():
        world = build_world()
    for person, client in everybody(development_app, world, writing).items():
        answer = client.get(f"/programmes/{world.values['draft_id']}")
        assert (answer.status_code == 200) == (person in MEMBERS), person


@pytest.mark.parametrize("flag", ["is_findable", "is_available"])
def test_a_professional_who_cannot_be_found_is_not_there(development_app, writing, flag):
    with writing():
        world = build_world(datetime.now(UTC))
        setattr(world.users["professional"].professional, flag, False)
    pair = f"{world.values['programme_id']}/{world.values['professional_id']}"
    for person, address in (
        ("owner", f"/introductions/new/{pair}"),
        ("lead", f"/lead/programmes/{pair}"),
        ("lead", f"/lead/professionals/{world.values['professional_id']}"),
    ):
        client = development_app.test_client()
        sign_in(client, world.users[person], writing)
        assert client.get(address).status_code == 404


def test_the_development_pages_exist_in_development_only(app, client):
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
    assert client.get("/dev/mail").status_code == 404
