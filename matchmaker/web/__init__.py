"""HTTP in, HTTP out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchmaker.extensions import babel, csrf
from matchmaker.web import (
    access,
    accounts,
    activity,
    administration,
    blocks,
    check_ins,
    claims,
    development,
    development_record,
    directory,
    duplicates,
    embed,
    errors,
    evidence,
    evidence_packs,
    freshness,
    from_url,
    gaps,
    health,
    help_requests,
    imports,
    introduction_answers,
    introductions,
    leads,
    lifecycle,
    lists,
    matching_quality,
    memberships,
    message_replies,
    neighbours,
    notifications,
    open_data,
    open_referral,
    organisations,
    outside_contacts,
    pages,
    partnerships,
    practice_examples,
    profile,
    programmes,
    questions,
    register_checks,
    reports,
    security,
    sessions,
    sitemap,
    structured_data,
    suggestions,
    surveys,
    templating,
)

if TYPE_CHECKING:
    from flask import Flask

BLUEPRINTS = (
    pages.blueprint,
    accounts.blueprint,
    blocks.blueprint,
    profile.blueprint,
    suggestions.blueprint,
    directory.blueprint,
    embed.blueprint,
    lists.blueprint,
    organisations.blueprint,
    memberships.blueprint,
    claims.blueprint,
    freshness.blueprint,
    evidence.blueprint,
    neighbours.blueprint,
    programmes.blueprint,
    introductions.blueprint,
    introduction_answers.blueprint,
    questions.blueprint,
    partnerships.blueprint,
    practice_examples.blueprint,
    message_replies.blueprint,
    check_ins.blueprint,
    outside_contacts.blueprint,
    development_record.blueprint,
    leads.blueprint,
    help_requests.blueprint,
    register_checks.blueprint,
    gaps.blueprint,
    activity.blueprint,
    matching_quality.blueprint,
    evidence_packs.blueprint,
    surveys.blueprint,
    surveys.lead_blueprint,
    notifications.blueprint,
    reports.blueprint,
    administration.blueprint,
    imports.blueprint,
    duplicates.blueprint,
    open_data.blueprint,
    open_referral.blueprint,
    health.blueprint,
    sitemap.blueprint,
)


def init_app(app: Flask) -> None:
    """Attach everything a request meets, in the order in which it meets it."""
    app.jinja_environment = templating.PageEnvironment
    lifecycle.init_app(app)
    csrf.init_app(app)
    babel.init_app(app)
    sessions.init_app(app)
    security.init_app(app)
    templating.init_app(app)
    lists.in_use.init_app(app)
    sitemap.init_app(app)
    structured_data.init_app(app)
    errors.init_app(app)
    from_url.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if app.extensions["settings"].is_development:
        app.register_blueprint(development.blueprint)
    access.init_app(app)
