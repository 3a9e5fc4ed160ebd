"""The tables of customer care."""

from guanxi.care.models.gatherings import Gathering, Member, Proposal, Tally
from guanxi.care.models.notices import Notice
from guanxi.care.models.rules import CapGroup, Decision, Draw, NamedDay, Rule
from guanxi.care.models.states import CarState, Habit, OwnerState, StateChange, StateCount, Terms

__all__ = [
    "CapGroup", "CarState", "Decision", "Draw", "Gathering", "Habit", "Member", "NamedDay", "Notice", "OwnerState",
    "Proposal", "Rule", "StateChange", "StateCount", "Tally", "Terms",
]  # fmt: skip
