"""What campaigns look like over the API."""

import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from guanxi.campaigns.models import Campaign
from guanxi.campaigns.policy import Wave
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.services import answering, planning
from guanxi.campaigns.states import Arm, Channel, State
from guanxi.foundation.rest import Input, PageQuery, Plain
from guanxi.privacy.states import Purpose

Key = Annotated[int, Field(ge=1, lt=2**31)]
Customer = Annotated[int, Field(ge=1, lt=2**63)]
Code = Annotated[str, Field(max_length=40, pattern=Plain)]
Short = Annotated[str, Field(max_length=400, pattern=Plain)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class CampaignWaveOut(Schema):
    number: int
    on: datetime.date
    share: int
    done_at: datetime.datetime | None


class CampaignOut(Schema):
    """A campaign of a place for the customers of the outlets at and below it."""

    id: int
    number: str
    kind: str = Field(alias="kind_id")
    name: str
    aim: str
    node_id: int
    audience: list[dict[str, Any]]
    channel: str
    purpose: str
    template: str
    words: str
    role: str | None = Field(None, alias="role_id")
    offer: str
    offer_code: str
    has_own_codes: bool
    offer_until: datetime.date | None
    variants: list[dict[str, Any]]
    control: int
    visit_days: int
    sale_days: int
    every_months: int
    previous_id: int | None
    skips_previous: bool
    state: str
    reason: str
    planned: dict[str, int]
    excluded: dict[str, int]
    submitted_by: str
    approved_by: str
    started_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    counted_on: datetime.date | None


class CampaignOneOut(CampaignOut):
    waves: list[CampaignWaveOut]

    @staticmethod
    def resolve_waves(row: Campaign) -> object:
        return queries.waves(row)


class CampaignPage(Schema):
    items: list[CampaignOut]
    next: str | None


class CampaignQuery(PageQuery):
    state: State | None = None
    node_id: Key | None = None


class AudienceConditionIn(Input):
    """One condition of the audience, in the language of the contact rules."""

    fact: Code
    op: Code
    values: list[Code] = Field([], max_length=40)


class CampaignWaveIn(Input):
    on: datetime.date
    share: int = Field(ge=1, le=100)


class CampaignTextIn(Input):
    """A further text with its share of the addressed; the first has what these leave."""

    template: Annotated[str, Field(min_length=1, max_length=40, pattern=Plain)]
    share: int = Field(ge=1, le=99)


class CampaignIn(Input):
    name: str = Field(min_length=1, max_length=120, pattern=Plain)
    aim: str = Field(min_length=1, max_length=400, pattern=Plain)
    node_id: Key
    audience: list[AudienceConditionIn] = Field([], max_length=12)
    channel: Channel
    purpose: Purpose
    template: Code = ""
    words: str = Field("", max_length=2000, pattern=Plain)
    role: Code | None = None
    offer: str = Field("", max_length=200, pattern=Plain)
    offer_code: str = Field("", pattern=r"^([A-Za-z0-9-]{3,24})?$")
    has_own_codes: bool = False
    offer_until: datetime.date | None = None
    variants: list[CampaignTextIn] = Field([], max_length=3)
    budget: Money | None = None
    unit_cost: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)] = Decimal(0)
    fixed_cost: Money = Decimal(0)
    control: int = Field(0, ge=0, le=50)
    visit_days: int = Field(30, ge=1, le=366)
    sale_days: int = Field(90, ge=1, le=731)
    every_months: int = Field(0, ge=0, le=24)
    waves: list[CampaignWaveIn] = Field(min_length=1, max_length=6)

    def plan(self) -> planning.Plan:
        """Return what the campaign says, as the services take it."""
        said = self.dict(exclude={"waves", "role"}) | {"role_id": self.role or None}
        said |= {"channel": self.channel.value, "purpose": self.purpose.value}
        return planning.Plan(said, [Wave(wave.on, wave.share) for wave in self.waves])


class NewCampaignIn(CampaignIn):
    kind: Code


class CampaignRepeatIn(Input):
    """``first_on``: the day of its first wave; the others and the end of its codes move with it."""

    first_on: datetime.date
    skips_previous: bool = False


class CampaignReasonIn(Input):
    reason: str = Field(min_length=1, max_length=400, pattern=Plain)


class CampaignCountOut(Schema):
    """How many a campaign as it stands would address. Of many customers a sample is counted: ``margins`` says how far a
    figure may be off in 95 of 100 cases, by its name.
    """

    is_sample: bool
    margins: dict[str, int]
    audience: int
    open: int
    excluded: dict[str, int]
    control: int
    addressed: int
    over_budget: int
    cost: Decimal


class CampaignMemberOut(Schema):
    id: int
    customer_id: int
    vehicle_id: int | None
    outlet_id: int
    wave: int
    arm: str
    variant: str
    contacted_at: datetime.datetime | None
    ending: str
    skipped: str
    responded_at: datetime.datetime | None
    response: str
    redeemed_on: datetime.date | None
    redeemed_order: str
    redeemed_amount: Decimal | None
    visited_on: datetime.date | None
    bought_on: datetime.date | None


class CampaignMemberPage(Schema):
    items: list[CampaignMemberOut]
    next: str | None


class CampaignMemberQuery(PageQuery):
    arm: Arm | None = None
    outlet_id: Key | None = None


class CampaignDifferenceOut(Schema):
    """Shares between 0 and 1; the interval holds in 95 of 100 cases."""

    contact: float
    control: float
    value: float
    low: float
    high: float


class CampaignOutcomeOut(Schema):
    """Both arms, of those whose days are over; ``open``: how many members' days are not."""

    treated: int = Field(alias="sums.contact")
    treated_did: int = Field(alias="sums.contact_did")
    control: int = Field(alias="sums.control")
    control_did: int = Field(alias="sums.control_did")
    open: int
    difference: CampaignDifferenceOut | None
    extra: float | None


class CampaignDidOut(Schema):
    """Of those who drew a text and whose time is over; ``difference`` from the first text, if enough is known."""

    whole: int
    part: int
    share: float | None
    low: float | None
    high: float | None
    difference: CampaignDifferenceOut | None


class CampaignTextOut(Schema):
    letter: str
    template: str
    share: int
    drawn: int
    sent: int
    responses: CampaignDidOut
    visits: CampaignDidOut
    sales: CampaignDidOut


class CampaignEndedOut(Schema):
    """So many calls, letters or visits ended so; ``share`` of the addressed, without an ending: they wait."""

    ending: str
    many: int
    share: float


class CampaignEffectOut(Schema):
    treated: int
    control: int
    addressed: int
    responded: int
    redeemed: int
    turnover: Decimal
    visits: CampaignOutcomeOut
    sales: CampaignOutcomeOut
    texts: list[CampaignTextOut]
    endings: list[CampaignEndedOut]


class CampaignRespondIn(Input):
    note: Short = ""


class RedeemIn(CampaignRespondIn):
    """``customer_id`` is not needed for a code of the customer's own."""

    code: str = Field(min_length=1, max_length=24, pattern=Plain)
    customer_id: Customer | None = None
    on: datetime.date | None = None
    order_no: str = Field("", max_length=40, pattern=Plain)
    amount: Money | None = None

    def bill(self) -> answering.Bill:
        return answering.Bill(self.on, self.order_no, self.amount)
