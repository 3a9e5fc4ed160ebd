"""What access tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class RoleGranted(Event):
    person_id: int
    membership_id: int
    role_zh: str
    role_en: str
    node_zh: str
    node_en: str
    by: str


@dataclass(frozen=True)
class MembershipEnded(Event):
    person_id: int
    membership_id: int
    role_zh: str
    role_en: str
    node_zh: str
    node_en: str
    by: str


@dataclass(frozen=True)
class InvitationAccepted(Event):
    inviter_id: int
    person_id: int
    person_name: str
