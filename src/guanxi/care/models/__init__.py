"""The tables of customer care."""

from guanxi.care.models.rules import CapGroup, Decision, Draw, NamedDay, Rule

__all__ = ["CapGroup", "Decision", "Draw", "NamedDay", "Rule"]
