"""Who the bearer is, where he is signed in and how he likes his pages, over the API."""

import datetime
from typing import Literal

from ninja import Router, Schema, Status

from guanxi.access import policy, queries
from guanxi.access.services import people, sessions
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input

router = Router()


class GrantOut(Schema):
    node_id: int
    role: str
    verbs: list[str]


class MeOut(Schema):
    """Who the token acts for, and what it may do."""

    id: int
    name: str
    verbs: list[str]
    grants: list[GrantOut]


class SessionOut(Schema):
    """A browser in which the bearer is signed in."""

    id: int
    browser: str
    system: str
    user_agent: str
    ip: str
    created_at: datetime.datetime
    last_seen_at: datetime.datetime


class PreferencesOut(Schema):
    """How the bearer's pages look; empty: as the business has it, and as the device is set."""

    language: Literal["zh-hans", "en", ""]
    theme: Literal["light", "dark", ""]


class PreferencesIn(Input):
    """What to change; what is absent stays."""

    language: Literal["zh-hans", "en"] | None = None
    theme: Literal["light", "dark", ""] | None = None


@router.get("/me", response={200: MeOut, **REFUSALS}, summary="Who am I")
def me(request: ApiRequest) -> object:
    actor = request.actor
    grants = [{"node_id": g.node_id, "role": g.role, "verbs": sorted(g.verbs)} for g in actor.grants]
    return {"id": actor.user_id, "name": actor.name, "verbs": sorted(actor.verbs), "grants": grants}


@router.get("/preferences", response={200: PreferencesOut, **REFUSALS}, summary="My language and theme")
def get_preferences(request: ApiRequest) -> object:
    return queries.myself(request.actor)


@router.patch("/preferences", response={200: PreferencesOut, **REFUSALS}, summary="Change my language and theme")
def set_preferences(request: ApiRequest, body: PreferencesIn) -> object:
    """A browser in which one of them was chosen keeps its own choice."""
    people.set_preferences(actor=request.actor, language=body.language, theme=body.theme)
    return queries.myself(request.actor)


@router.get("/sessions", response={200: list[SessionOut], **REFUSALS}, summary="Where I am signed in")
def list_sessions(request: ApiRequest) -> object:
    """The token needs the right to issue tokens, as for everything about sign-ins."""
    return [
        {
            "id": row.pk, "ip": row.ip, "user_agent": row.user_agent, "created_at": row.created_at,
            "last_seen_at": row.last_seen_at,
            **dict(zip(("browser", "system"), policy.browser_of(row.user_agent), strict=True)),
        }
        for row in queries.sessions(request.actor)
    ]  # fmt: skip


@router.post("/sessions/{session_id}/end", response={204: None, **REFUSALS}, summary="Sign out of one browser")
def end_session(request: ApiRequest, session_id: int) -> object:
    sessions.end_session(actor=request.actor, session_id=session_id)
    return Status(204, None)


@router.post("/sessions/end", response={204: None, **REFUSALS}, summary="Sign out of every browser")
def end_every_session(request: ApiRequest) -> object:
    """Tokens go on living: revoke them one by one."""
    sessions.end_every_session(actor=request.actor)
    return Status(204, None)
