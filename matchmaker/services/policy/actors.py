"""What of a person the rules look at, and for which side of an introduction they speak."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.models import Introduction, Membership, MembershipRole, Side, User


@dataclass(frozen=True, slots=True)
class Actor:
    """What of a person the rules look at. `ANONYMOUS` is someone who has not signed in."""

    user_id: int | None = None
    professional_id: int | None = None
    owned_organisation_ids: frozenset[int] = frozenset()
    edited_organisation_ids: frozenset[int] = frozenset()
    lead_area_codes: frozenset[str] = frozenset()
    is_administrator: bool = False

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Organisations the person belongs to, in either role."""
        return self.owned_organisation_ids | self.edited_organisation_ids

    @property
    def is_signed_in(self) -> bool:
        """Whether this is somebody we know."""
        return self.user_id is not None

    @property
    def is_lead(self) -> bool:
        """Whether the person looks after an area."""
        return bool(self.lead_area_codes)


ANONYMOUS = Actor()


def actor_for(user: User | None) -> Actor:
    """Gather what the rules look at, from a user's rows."""
    if user is None:
        return ANONYMOUS
    return Actor(
        user_id=user.id,
        professional_id=None if user.professional is None else user.professional.id,
        owned_organisation_ids=_organisations(user.memberships, MembershipRole.OWNER),
        edited_organisation_ids=_organisations(user.memberships, MembershipRole.EDITOR),
        lead_area_codes=frozenset(scope.area_code for scope in user.lead_scopes),
        is_administrator=user.is_administrator,
    )


def _organisations(memberships: list[Membership], role: MembershipRole) -> frozenset[int]:
    return frozenset(each.organisation_id for each in memberships if each.role is role)


def sides_of(actor: Actor, introduction: Introduction) -> frozenset[Side]:
    """The sides of `introduction` the person may speak for (both, for someone with two hats)."""
    sides = set()
    if actor.professional_id is not None and actor.professional_id == introduction.professional_id:
        sides.add(Side.PROFESSIONAL)
    if introduction.programme.organisation_id in actor.organisation_ids:
        sides.add(Side.PROGRAMME)
    return frozenset(sides)
