"""The demo's people, organisations and programmes: who joins when, and what they set up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from matchmaker.demo.files import (
    ClaimRecord,
    OrganisationRecord,
    PersonRecord,
    ProfileRecord,
    ProgrammeRecord,
    StoryRecord,
    VenueRecord,
)
from matchmaker.demo.sign_ins import email_of
from matchmaker.demo.timeline import Calendar, Timeline
from matchmaker.extensions import db
from matchmaker.models import (
    LinkPurpose,
    LinkToken,
    MembershipRole,
    Organisation,
    Professional,
    Programme,
    User,
)
from matchmaker.models.professional import TermField
from matchmaker.services import (
    accounts,
    audit,
    claims,
    memberships,
    organisations,
    places,
    professionals,
)
from matchmaker.services import programmes as programme_services
from matchmaker.services.answers import Answers, understand_terms
from matchmaker.services.organisations import OrganisationDetails
from matchmaker.services.passwords import PasswordHash
from matchmaker.services.programme_details import ProgrammeDetails
from matchmaker.services.programme_venues import VenueDetails

ADMINISTRATOR = "alex-demir"
# In minutes after midnight: people join before organisations, and those before their programmes.
MORNING, LATER, NOON = 8 * 60, 8 * 60 + 30, 12 * 60
# The second half of a postcode; the first is the district of the place, the whole is nobody's.
NOBODYS_POSTCODE = "9ZZ"


@dataclass(slots=True)
class World:
    """What has come into being so far, by the keys of the files."""

    calendar: Calendar
    password_hash: PasswordHash
    users: dict[str, User] = field(default_factory=dict)
    professionals: dict[str, Professional] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)

    def plan(
        self,
        timeline: Timeline,
        people: Iterable[PersonRecord],
        bodies: Iterable[OrganisationRecord],
        stories: Iterable[StoryRecord],
    ) -> None:
        """Put on the timeline how everybody joins and what they set up."""
        bodies = tuple(bodies)
        first_day = _first_days(bodies, stories)
        for person in people:
            joined = first_day[person.key] if person.joined is None else person.joined
            timeline.add(joined, MORNING, partial(self._join, person))
            if person.professional is not None and person.professional.away is not None:
                timeline.add(person.professional.away, MORNING, partial(self._go_away, person))
        for body in bodies:
            self._plan_organisation(timeline, body)

    def _plan_organisation(self, timeline: Timeline, body: OrganisationRecord) -> None:
        if body.claimed is True:
            timeline.add(body.joined, LATER, partial(self._register, body))
            for editor in body.editors:
                timeline.add(body.joined, LATER, partial(self._add_editor, body, editor))
        else:
            timeline.add(body.joined, LATER, partial(self._list_unclaimed, body))
            if body.claimed:
                timeline.add(body.claimed, NOON, partial(self._claim, body))
        if body.claim is not None:
            timeline.add(body.claim.day, NOON, partial(self._ask_for, body, body.claim))
        for programme in body.programmes:
            timeline.add(programme.created, LATER, partial(self._set_up, body, programme))
            for days_ago, change in (
                (programme.checked, self._check),
                (programme.paused, self._pause),
                (programme.closed, self._close),
            ):
                if days_ago is not None:
                    timeline.add(days_ago, NOON, partial(change, programme.key))

    def _join(self, person: PersonRecord, now: datetime) -> None:
        user = accounts.create_user(
            email_of(person.key), name=person.name, password_hash=self.password_hash, now=now
        )
        user.phone = person.phone
        accounts.grant_roles(
            user, is_administrator=person.administrator, lead_areas=person.leads, now=now
        )
        self.users[person.key] = user
        if person.professional is not None:
            profile = professionals.start_profile(user, Answers(), now=now)
            self.professionals[person.key] = profile
            if person.professional.profession is not None:
                self._fill_in(profile, person.professional, now)

    def _fill_in(self, profile: Professional, record: ProfileRecord, now: datetime) -> None:
        youngest, oldest = _ages(record.ages)
        changes: tuple[professionals.Change, ...] = (
            professionals.Work(
                record.profession, record.setting, record.employer, record.offers, hcpc_number=""
            ),
            professionals.Places([_place(wording) for wording in record.areas]),
            professionals.People(
                understand_terms(TermField.CONDITION, record.conditions), youngest, oldest
            ),
            professionals.Approaches(
                understand_terms(TermField.APPROACH, record.approaches), record.delivery
            ),
            professionals.Seeking(record.seeks),
            professionals.Engagement(
                is_willing_to_signpost="signpost" in record.willing,
                is_willing_to_refer="refer" in record.willing,
                is_willing_to_advise="advise" in record.willing,
                is_willing_to_run_together="run_together" in record.willing,
            ),
            professionals.Visibility(is_findable=True, is_available=True, available_again_on=None),
        )
        for change in changes:
            professionals.save(
                profile, change, version=profile.version, actor=profile.user, now=now
            )

    def _go_away(self, person: PersonRecord, now: datetime) -> None:
        back_in = None if person.professional is None else person.professional.back_in
        profile = self.professionals[person.key]
        away = professionals.Visibility(
            is_findable=True,
            is_available=False,
            available_again_on=None if back_in is None else self.calendar.day(-back_in),
        )
        professionals.save(profile, away, version=profile.version, actor=profile.user, now=now)

    def _register(self, body: OrganisationRecord, now: datetime) -> None:
        self.organisations[body.key] = organisations.register_organisation(
            OrganisationDetails(
                name=body.name,
                kind=body.kind,
                registration=body.registration,
                description=body.description,
                website=f"https://www.{body.key}.example",
                email=f"hello@{body.key}.example",
                phone=body.phone,
                postcode=f"{body.postcode} {NOBODYS_POSTCODE}",
            ),
            actor=self.users[body.owner or ADMINISTRATOR],
            now=now,
        )

    def _list_unclaimed(self, body: OrganisationRecord, now: datetime) -> None:
        """Add an organisation that nobody looks after, as an import would."""
        place = _place(body.postcode)
        organisation = Organisation(
            name=body.name,
            kind=body.kind,
            description=body.description,
            area_code=place.area_codes[0],
            last_checked_at=now,
            created_at=now,
            updated_at=now,
        )
        db.session.add(organisation)
        db.session.flush()
        audit.record("organisation.imported", organisation, actor=None, now=now)
        self.organisations[body.key] = organisation

    def _claim(self, body: OrganisationRecord, now: datetime) -> None:
        if body.owner is not None:
            lead = self.users[ADMINISTRATOR]
            self._invite(body, body.owner, MembershipRole.OWNER, lead, now)

    def _ask_for(self, body: OrganisationRecord, record: ClaimRecord, now: datetime) -> None:
        claims.ask(
            self.organisations[body.key],
            job=record.job,
            evidence=record.evidence,
            actor=self.users[record.by],
            now=now,
        )

    def _add_editor(self, body: OrganisationRecord, editor: str, now: datetime) -> None:
        owner = self.users[body.owner or ADMINISTRATOR]
        self._invite(body, editor, MembershipRole.EDITOR, owner, now)

    def _invite(
        self,
        body: OrganisationRecord,
        person: str,
        role: MembershipRole,
        actor: User,
        now: datetime,
    ) -> None:
        user = self.users[person]
        organisation = self.organisations[body.key]
        memberships.invite(organisation, email=user.email, role=role, actor=actor, now=now)
        link = db.session.scalars(
            select(LinkToken).where(
                LinkToken.purpose == LinkPurpose.JOIN_ORGANISATION,
                LinkToken.email == user.email,
                LinkToken.organisation_id == organisation.id,
            )
        ).one()
        memberships.join(link, user, now=now)

    def _set_up(self, body: OrganisationRecord, record: ProgrammeRecord, now: datetime) -> None:
        is_claimed = body.claimed is True
        actor = self.users[body.owner if is_claimed and body.owner else ADMINISTRATOR]
        youngest, oldest = _ages(record.ages)
        programme = programme_services.create_programme(
            self.organisations[body.key],
            ProgrammeDetails(
                name=record.name,
                description=record.description,
                conditions=record.conditions,
                approaches=record.approaches,
                areas=record.areas,
                min_age=youngest,
                max_age=oldest,
                delivery=record.delivery,
                locations=tuple(_venue(each) for each in record.venues),
                schedules=record.times,
                is_free=record.free,
                cost=record.cost,
                funded_by=record.funded_by,
                professions=record.professions,
                seeks_text=record.seeks,
                website=f"https://www.{body.key}.example/{record.key}" if is_claimed else "",
                public_email=f"hello@{body.key}.example" if is_claimed else "",
                public_phone=body.phone,
                contact_name=actor.name if is_claimed else "",
                contact_email=actor.email if is_claimed else "",
                contact_phone=body.phone,
                places_per_month=record.places,
            ),
            actor=actor,
            now=now,
        )
        self.programmes[record.key] = programme
        if not record.draft:
            programme_services.publish(programme, actor=actor, now=now)

    def spokesperson(self, programme: str) -> User:
        """Who acts for the organisation of a programme: its owner, else the administrator."""
        organisation = self.programmes[programme].organisation
        members = organisations.list_members(organisation)
        return members[0].user if members else self.users[ADMINISTRATOR]

    def _check(self, programme: str, now: datetime) -> None:
        programme_services.confirm_still_right(
            self.programmes[programme], actor=self.spokesperson(programme), now=now
        )

    def _pause(self, programme: str, now: datetime) -> None:
        programme_services.pause(
            self.programmes[programme], actor=self.spokesperson(programme), now=now
        )

    def _close(self, programme: str, now: datetime) -> None:
        programme_services.close(
            self.programmes[programme], actor=self.spokesperson(programme), now=now
        )


def _first_days(
    bodies: Iterable[OrganisationRecord], stories: Iterable[StoryRecord]
) -> defaultdict[str, int]:
    """The day on which each person joins: that of the first thing they do, or the day before it."""
    days: defaultdict[str, int] = defaultdict(int)
    for body in bodies:
        for person in (body.owner, *body.editors):
            if person is not None:
                days[person] = max(days[person], body.joined)
        if body.claim is not None:
            days[body.claim.by] = max(days[body.claim.by], body.claim.day + 1)
    for story in stories:
        days[story.professional] = max(days[story.professional], story.day + 1)
    return days


def _ages(ages: tuple[int, ...]) -> tuple[int | None, int | None]:
    youngest, oldest = (*ages, None, None)[:2]
    return youngest, oldest


def _venue(record: VenueRecord) -> VenueDetails:
    return VenueDetails(
        name=record.name,
        address=record.address,
        town=record.town,
        postcode=f"{record.postcode} {NOBODYS_POSTCODE}",
    )


def _place(wording: str) -> places.Place:
    place = places.find_place(wording)
    if place is None:
        raise LookupError(f"the demo's place {wording!r} is not known")
    return place
