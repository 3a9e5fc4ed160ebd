"""The tables of customer care."""

from guanxi.care.models.states import CarState, Habit, OwnerState, StateChange, StateCount, Terms

__all__ = ["CarState", "Habit", "OwnerState", "StateChange", "StateCount", "Terms"]
