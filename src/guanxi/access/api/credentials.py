"""Tokens and integrations over the API."""

import datetime

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.access import queries
from guanxi.access.api.rights import RoleCode
from guanxi.access.services import tokens
from guanxi.foundation import clock, paging
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, ShownOnce

router = Router()


class TokenOut(Schema):
    id: int
    name: str
    start: str = Field(description="How the secret begins, to know it again by")
    verbs: list[str]
    created_at: datetime.datetime
    expires_at: datetime.datetime
    last_used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None


class TokenPage(Schema):
    items: list[TokenOut]
    next: str | None


class NewTokenOut(ShownOnce, TokenOut):
    """A token as it is made; its secret is what is sent as “Authorization: Bearer …”."""


class TokenIn(Input):
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")
    verbs: list[str] = Field(min_length=1, max_length=500)
    days: int = Field(90, ge=1, le=366)


class IntegrationOut(Schema):
    """A program that signs in with tokens only. Its roles stand under its number in people."""

    id: int
    username: str
    name: str
    is_active: bool


class IntegrationPage(Schema):
    items: list[IntegrationOut]
    next: str | None


class IntegrationIn(Input):
    username: str = Field(max_length=39, pattern=r"^[a-z0-9][a-z0-9._-]{1,38}$")
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")
    role: RoleCode
    node_id: int = Field(ge=1, lt=2**31)


@router.get("/tokens", response={200: TokenPage, **REFUSALS}, summary="List my tokens")
def list_tokens(request: ApiRequest, query: Query[PageQuery]) -> object:
    found = paging.take(queries.tokens(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/tokens", response={201: NewTokenOut, **REFUSALS}, summary="Make a token of mine")
def issue_token(request: ApiRequest, body: TokenIn) -> object:
    """A token with some of the verbs of the calling one, never more.

    Its secret is shown once; an answer repeated under its Idempotency-Key has none.
    """
    return _issue(request, body)


@router.post("/tokens/{token_id}/revoke", response={204: None, **REFUSALS}, summary="Revoke a token")
def revoke_token(request: ApiRequest, token_id: int) -> object:
    """One of mine, or one of an integration by those who manage integrations."""
    tokens.revoke_token(actor=request.actor, token_id=token_id, at=clock.now())
    return Status(204, None)


@router.get("/integrations", response={200: IntegrationPage, **REFUSALS}, summary="List integrations")
def list_integrations(request: ApiRequest, query: Query[PageQuery]) -> object:
    found = paging.take(queries.integrations(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/integrations", response={201: IntegrationOut, **REFUSALS}, summary="Add an integration")
def add_integration(request: ApiRequest, body: IntegrationIn) -> object:
    user = tokens.add_integration(
        actor=request.actor, username=body.username, name=body.name, role_code=body.role, node_id=body.node_id,
        at=clock.now(),
    )  # fmt: skip
    return Status(201, user)


@router.get(
    "/integrations/{integration_id}/tokens",
    response={200: TokenPage, **REFUSALS},
    summary="List the tokens of an integration",
)
def list_integration_tokens(request: ApiRequest, integration_id: int, query: Query[PageQuery]) -> object:
    found = paging.take(queries.tokens(request.actor, integration_id), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post(
    "/integrations/{integration_id}/tokens",
    response={201: NewTokenOut, **REFUSALS},
    summary="Make a token for an integration",
)
def issue_integration_token(request: ApiRequest, integration_id: int, body: TokenIn) -> object:
    """A token with some of the verbs of the integration's roles, and none that the calling token lacks.

    Its secret is shown once; an answer repeated under its Idempotency-Key has none.
    """
    return _issue(request, body, integration_id)


def _issue(request: ApiRequest, body: TokenIn, user_id: int | None = None) -> object:
    token, secret = tokens.issue_token(
        actor=request.actor, name=body.name, verbs=body.verbs, lasts=datetime.timedelta(days=body.days),
        at=clock.now(), user_id=user_id,
    )  # fmt: skip
    values = {name: getattr(token, name) for name in TokenOut.model_fields}
    return Status(201, values | {"secret": secret})
