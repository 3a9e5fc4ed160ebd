"""Worklist (工作清单): the working calendar of places, tasks with their deadlines, who does them, and escalation.

See docs/capabilities/worklist.md.
"""
