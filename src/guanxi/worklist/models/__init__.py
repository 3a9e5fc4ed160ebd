"""The tables of the worklist: the working calendar, tasks, absences and the ladder of escalation."""

from guanxi.worklist.models.calendar import HolidayYear, PublicHoliday, SpecialDay, WorkingWeek
from guanxi.worklist.models.tasks import Absence, Attempt, Escalation, Rung, Task

__all__ = [
    "Absence", "Attempt", "Escalation", "HolidayYear", "PublicHoliday", "Rung", "SpecialDay", "Task", "WorkingWeek",
]  # fmt: skip
