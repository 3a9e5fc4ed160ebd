"""Decisions of the worklist from plain values: hours, calendars, deadlines, tasks and loads."""
