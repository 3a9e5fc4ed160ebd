"""What the group of a campaign looks like over the API."""

from ninja import Schema

from guanxi.campaigns.queries.characteristics import Characteristics, Group


class AudienceGroupOut(Schema):
    """A group with how many it has; nothing of one that is too small to be told. ``margin``: so far it may be off."""

    code: str
    label: str
    customers: int | None
    margin: int | None
    share: float | None

    @staticmethod
    def resolve_customers(group: Group) -> int | None:
        return group.customers.value if group.customers else None

    @staticmethod
    def resolve_margin(group: Group) -> int | None:
        return group.customers.margin if group.customers else None


class AudienceDimensionOut(Schema):
    """One characteristic. ``is_whole``: each customer is in one group; else in as many as fit."""

    key: str
    title: str
    made_of: str
    is_whole: bool
    groups: list[AudienceGroupOut]


class CharacteristicsOut(Schema):
    """What the group of a campaign is like; without tables it is too small to say anything, not even how many."""

    customers: int | None
    margin: int | None
    is_sample: bool
    is_frozen: bool
    tables: list[AudienceDimensionOut]

    @staticmethod
    def resolve_customers(found: Characteristics) -> int | None:
        return found.customers.value if found.tables else None

    @staticmethod
    def resolve_margin(found: Characteristics) -> int | None:
        return found.customers.margin if found.tables else None
