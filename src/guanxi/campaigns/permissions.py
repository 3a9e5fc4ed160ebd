"""Who may see campaigns, plan, approve and run them, record what came of them, and keep recalls."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "campaigns.view"
    PLAN = "campaigns.plan"
    APPROVE = "campaigns.approve"
    RUN = "campaigns.run"
    RESPOND = "campaigns.respond"
    MANAGE_RECALLS = "campaigns.manage_recalls"
    ASK_SUPPORT = "campaigns.ask_support"
    EXPORT = "campaigns.export"
    APPLY_PRESET = "campaigns.apply_preset"
