"""Consent over the API: the same verbs as the pages."""

import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from guanxi.customers import queries as customers
from guanxi.foundation import clock
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Moment, Plain
from guanxi.privacy import queries
from guanxi.privacy.models import Consent
from guanxi.privacy.permissions import Verb
from guanxi.privacy.services import consents
from guanxi.privacy.services.consents import Decision

router = Router()
PurposeName = Literal["SERVICE", "CARE", "MARKETING", "SURVEY", "SHARING"]
MediumName = Literal["PHONE", "SMS", "WECHAT", "EMAIL", "LETTER"]
Proof = Annotated[str, Field(min_length=1, max_length=200, pattern=Plain)]


class ConsentOut(Schema):
    """One line of the ledger."""

    id: int
    customer_id: int
    purpose: str
    medium: str
    recipient_id: int
    standing: str
    text_id: int | None
    proof: str
    given_at: datetime.datetime
    recorded_by: str
    withdrawn_at: datetime.datetime | None
    withdrawal_proof: str


class StandingOut(Schema):
    """How a customer stands for one outlet: the lines of the outlet and of the places above it, combined."""

    purpose: str
    medium: str
    standing: Literal["GIVEN", "REFUSED", "WITHDRAWN"]
    since: datetime.datetime
    consent_id: int


class TextOut(Schema):
    id: int
    purpose: str
    version: str
    text_zh: str
    text_en: str
    valid_from: datetime.date


class ConsentIn(Input):
    purpose: PurposeName
    medium: MediumName
    recipient_id: int = Field(ge=1, lt=2**31, description="An outlet of the customer, or its brand or group for all")
    standing: Literal["GIVEN", "REFUSED"]
    proof: Proof
    given_at: Moment | None = Field(None, description="Now if absent; with its offset")
    text_id: int | None = Field(None, ge=1, lt=2**63)


class WithdrawIn(Input):
    proof: Proof


class TextIn(Input):
    purpose: PurposeName
    version: str = Field(min_length=1, max_length=20, pattern=Plain)
    text_zh: str = Field(min_length=1, max_length=20_000, pattern=Plain)
    text_en: str = Field(default="", max_length=20_000, pattern=Plain)
    valid_from: datetime.date


@router.get("/customers/{customer_id}/consents", response={200: list[ConsentOut], **REFUSALS}, summary="The ledger")
def list_consents(request: ApiRequest, customer_id: int) -> object:
    check(request.actor, Verb.VIEW)
    customers.customer(request.actor, customer_id)
    return queries.ledger(request.actor, customer_id)


@router.get(
    "/customers/{customer_id}/standings/{outlet_id}",
    response={200: list[StandingOut], **REFUSALS},
    summary="What an outlet may; what is missing was never said",
)
def list_standings(request: ApiRequest, customer_id: int, outlet_id: int) -> list[dict[str, Any]]:
    actor = request.actor
    check(actor, Verb.VIEW, outlet_id)
    customers.customer(actor, customer_id)
    above = queries.places_above(outlet_id, clock.today())
    rows = queries.matrix(queries.ledger(actor, customer_id), outlet_id, above)
    return [
        {
            "purpose": row.purpose, "medium": cell.medium, "standing": cell.standing,
            "since": queries.moment(cell.line), "consent_id": cell.line.pk,
        }
        for row in rows
        for cell in row.cells
        if cell.line
    ]  # fmt: skip


@router.post("/customers/{customer_id}/consents", response={201: ConsentOut, **REFUSALS}, summary="Record a decision")
def record_consent(request: ApiRequest, customer_id: int, body: ConsentIn) -> Status[Consent]:
    at = clock.now()
    values = body.dict()
    given_at = values.pop("given_at") or at
    decision = Decision(given_at=given_at, **values)
    return Status(
        201, consents.record_consent(actor=request.actor, customer_id=customer_id, decision=decision, at=at)
    )  # fmt: skip


@router.post("/consents/{consent_id}/withdraw", response={200: ConsentOut, **REFUSALS}, summary="Withdraw a consent")
def withdraw_consent(request: ApiRequest, consent_id: int, body: WithdrawIn) -> object:
    return consents.withdraw_consent(actor=request.actor, consent_id=consent_id, proof=body.proof, at=clock.now())


@router.get("/texts", response={200: list[TextOut], **REFUSALS}, summary="The texts that customers agree to")
def list_texts(request: ApiRequest) -> object:
    check_everywhere(request.actor, Verb.MANAGE_TEXTS)
    return queries.texts()


@router.post("/texts", response={201: TextOut, **REFUSALS}, summary="Add a version of a text")
def add_text(request: ApiRequest, body: TextIn) -> object:
    return Status(201, consents.add_text(actor=request.actor, **body.dict()))
