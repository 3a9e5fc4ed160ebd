"""Who may share views and look behind the health page."""

from enum import StrEnum


class Verb(StrEnum):
    SHARE_VIEW = "workbench.share_view"
    VIEW_HEALTH = "workbench.view_health"
