"""Who may see campaigns, plan, approve and run them, and record what came of them."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "campaigns.view"
    PLAN = "campaigns.plan"
    APPROVE = "campaigns.approve"
    RUN = "campaigns.run"
    RESPOND = "campaigns.respond"
    EXPORT = "campaigns.export"
    APPLY_PRESET = "campaigns.apply_preset"
