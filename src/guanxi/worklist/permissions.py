"""Who may work on tasks, share them out, keep calendars, and change the rules."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "worklist.view"
    WORK = "worklist.work"
    ADD_TASK = "worklist.add_task"
    VIEW_TEAM = "worklist.view_team"
    ASSIGN = "worklist.assign_task"
    MANAGE_ABSENCE = "worklist.manage_absence"
    EXPORT = "worklist.export"
    VIEW_CALENDAR = "worklist.view_calendar"
    CHANGE_CALENDAR = "worklist.change_calendar"
    CHANGE_RULES = "worklist.change_rules"
