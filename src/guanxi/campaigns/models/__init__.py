"""The tables of campaigns."""

from guanxi.campaigns.models.campaigns import Campaign, Kind, Member, Wave
from guanxi.campaigns.models.recalls import Recall, RecallCar
from guanxi.campaigns.models.supports import Support

__all__ = ["Campaign", "Kind", "Member", "Recall", "RecallCar", "Support", "Wave"]
