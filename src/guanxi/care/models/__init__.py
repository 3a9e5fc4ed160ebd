"""The tables of customer care."""

from guanxi.care.models.checklists import Answer, CheckItem, CheckList, Round, Shortcoming
from guanxi.care.models.gatherings import Gathering, Member, Proposal, Tally
from guanxi.care.models.notices import Notice
from guanxi.care.models.rules import CapGroup, Decision, Draw, NamedDay, Rule
from guanxi.care.models.states import CarState, Habit, OwnerState, StateChange, StateCount, Terms
from guanxi.care.models.tiers import TierBound, TierTerms

__all__ = [
    "Answer", "CapGroup", "CarState", "CheckItem", "CheckList", "Decision", "Draw", "Gathering", "Habit", "Member",
    "NamedDay", "Notice", "OwnerState", "Proposal", "Round", "Rule", "Shortcoming", "StateChange", "StateCount",
    "Tally", "Terms", "TierBound", "TierTerms",
]  # fmt: skip
