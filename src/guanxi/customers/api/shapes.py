"""What callers of the API of customers send and get."""

import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from guanxi.foundation.rest import Input, Plain

Key = Annotated[int, Field(ge=1, lt=2**63)]
CategoryName = Literal["POTENTIAL", "BASE", "OWNER", "LOST"]
TieName = Literal["HOUSEHOLD", "CONTACT", "REFERRER"]
KindName = Literal["HOME", "WORK", "REGISTERED"]
ChannelName = Literal["MOBILE", "LANDLINE", "EMAIL", "WECHAT"]


class RelationOut(Schema):
    """What a customer is to one outlet."""

    id: int
    outlet_id: int
    category: str
    source: str
    consultant_id: int | None
    consultant_name: str
    tags: list[str]
    since: datetime.date


class PointOut(Schema):
    """A way to reach a customer, masked."""

    id: int
    channel: str
    value: str
    label: str
    is_primary: bool
    state: str
    proven_at: datetime.datetime | None


class CustomerOut(Schema):
    id: int
    kind: str
    name: str
    gender: str
    born_on: datetime.date | None
    verification: str
    touched_at: datetime.datetime


class CustomerPage(Schema):
    items: list[CustomerOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class CustomerDetail(CustomerOut):
    identity_tail: str
    industry: str
    occupation: str
    hobbies: str
    habits: list[str] = Field(description="Codes of the list spending_habits")
    score: int | None = Field(description="Quality of the record, 0 to 100; null before the first count")
    doubts: list[str]
    points: list[PointOut]
    relations: list[RelationOut]


class CustomerPlaceIn(Input):
    province: str = Field(default="", pattern=r"^(\d{2})?$", description="Code of GB/T 2260, two digits")
    city: str = Field(default="", pattern=r"^(\d{4})?$", description="Four digits, beginning with the province's")
    district: str = Field(default="", pattern=r"^(\d{6})?$", description="Six digits, beginning with the city's")
    line: str = Field(default="", max_length=160, pattern=Plain)


Habits = Annotated[tuple[Annotated[str, Field(max_length=40, pattern=r"^[A-Z0-9_]+$")], ...], Field(max_length=20)]


class CustomerIn(Input):
    outlet_id: int = Field(ge=1, lt=2**31)
    name: str = Field(min_length=1, max_length=80, pattern=Plain)
    kind: Literal["PERSON", "COMPANY"] | None = None
    gender: Literal["", "M", "F"] = ""
    born_on: datetime.date | None = None
    mobile: str = Field(default="", max_length=30, pattern=Plain)
    landline: str = Field(default="", max_length=30, pattern=Plain)
    email: str = Field(default="", max_length=120, pattern=Plain)
    wechat: str = Field(default="", max_length=120, pattern=Plain)
    industry: str = Field(default="", max_length=40, pattern=Plain)
    occupation: str = Field(default="", max_length=40, pattern=Plain)
    hobbies: str = Field(default="", max_length=200, pattern=Plain)
    habits: Habits = ()
    preferred_channel: str = Field(default="", max_length=24, pattern=r"^[A-Z0-9_]*$")
    identity_number: str = Field(default="", max_length=30, pattern=Plain)
    address: CustomerPlaceIn | None = None
    category: CategoryName = "POTENTIAL"
    source: str = Field(default="", max_length=40, pattern=r"^[A-Z0-9_]*$")


class CustomerChangesIn(Input):
    name: str | None = Field(default=None, min_length=1, max_length=80, pattern=Plain)
    gender: Literal["", "M", "F"] | None = None
    born_on: datetime.date | None = None
    industry: str | None = Field(default=None, max_length=40, pattern=Plain)
    occupation: str | None = Field(default=None, max_length=40, pattern=Plain)
    hobbies: str | None = Field(default=None, max_length=200, pattern=Plain)
    habits: Habits | None = None
    preferred_channel: str | None = Field(default=None, max_length=24, pattern=r"^[A-Z0-9_]*$")
    identity_number: str | None = Field(default=None, max_length=30, pattern=Plain)


class PointIn(Input):
    channel: ChannelName
    value: str = Field(min_length=1, max_length=120, pattern=Plain)
    label: str = Field(default="", max_length=40, pattern=Plain)


class RelateIn(Input):
    outlet_id: int = Field(ge=1, lt=2**31)
    category: CategoryName = "BASE"


class NoteIn(Input):
    body: str = Field(min_length=1, max_length=2000, pattern=Plain)


class NoteOut(Schema):
    id: int
    body: str
    author_name: str
    at: datetime.datetime


class MergeIn(Input):
    kept_id: Key
    gone_id: Key
    choices: dict[str, Literal["kept", "gone"]] = Field(default_factory=dict)


class MergeOut(Schema):
    id: int
    kept_id: int
    gone_id: int
    at: datetime.datetime
    undone_at: datetime.datetime | None


class ValueOut(Schema):
    value: str


class Asked(Schema):
    q: str = Field(default="", max_length=80, pattern=Plain, description="Name, pinyin, number, plate or VIN, in part")
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


class AddressIn(CustomerPlaceIn):
    postcode: str = Field(default="", pattern=r"^(\d{6})?$")


class AddressOut(Schema):
    """An address, its divisions by their codes."""

    id: int
    kind: str
    province: str
    city: str
    district: str
    line: str
    postcode: str


class AttachmentOut(Schema):
    """A file of a customer, without its content."""

    id: int
    name: str
    content_type: str
    size: int
    author_name: str
    at: datetime.datetime


class TieIn(Input):
    other_id: Key
    tie: TieName


class TieOut(Schema):
    """What one customer is to another."""

    id: int
    customer_id: int
    other_id: int
    tie: str


KinName = Literal["SPOUSE", "CHILD", "PARENT", "SIBLING", "OTHER"]


class FamilyMemberIn(Input):
    """Somebody of the family who has no record of his own."""

    kin: KinName
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    year: int | None = Field(default=None, ge=1900, le=2200)
    name: str = Field(default="", max_length=80, pattern=Plain)


class FamilyMemberOut(Schema):
    """A birthday in the family: noted on the record, or of a customer of the same household."""

    member_id: int | None
    customer_id: int | None
    who: str
    name: str
    month: int
    day: int
    year: int | None


class RelationIn(Input):
    """What changes of a relation; what is not sent stays."""

    category: CategoryName | None = None
    source: str | None = Field(default=None, max_length=40, pattern=r"^[A-Z0-9_]*$")
    tags: list[Annotated[str, Field(max_length=24, pattern=Plain)]] | None = Field(default=None, max_length=50)
    holds_material: bool | None = None
    knows_location: bool | None = None
    has_no_grudge: bool | None = None
    has_contact_plan: bool | None = None


class EndRelationIn(Input):
    on: datetime.date


class VerificationIn(Input):
    verification: Literal["UNVERIFIED", "VALID", "INVALID"]


class PointStateIn(Input):
    state: Literal["VALID", "WRONG", "UNREACHABLE", "DO_NOT_CONTACT", "REACHED"]
