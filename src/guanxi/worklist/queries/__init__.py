"""Reads of the worklist: calendars of places, tasks as each may see them, and the people of a team."""
