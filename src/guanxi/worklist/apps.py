from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklistConfig(AppConfig):
    name = "guanxi.worklist"
    label = "worklist"

    def ready(self) -> None:
        from guanxi.foundation import presets, slots, verbs
        from guanxi.worklist import panels, privacy, states
        from guanxi.worklist.permissions import Verb
        from guanxi.worklist.presets import LOADER

        privacy.register()
        presets.register(LOADER)
        states.register_kinds(states.MANUAL)
        verbs.declare(
            _("Worklist"),
            {
                Verb.VIEW: _("See tasks"),
                Verb.WORK: _("Work on tasks"),
                Verb.ADD_TASK: _("Write tasks for colleagues"),
                Verb.VIEW_TEAM: _("See the work of the team"),
                Verb.ASSIGN: _("Share out tasks"),
                Verb.MANAGE_ABSENCE: _("Enter absences of colleagues"),
                Verb.EXPORT: _("Export task lists"),
                Verb.VIEW_CALENDAR: _("See working calendars"),
                Verb.CHANGE_CALENDAR: _("Change working calendars"),
                Verb.CHANGE_RULES: _("Change holidays and escalation"),
            },
        )
        verbs.name_acts({
            "worklist.claim": _("Claim a task"), "worklist.release": _("Give a task back"),
            "worklist.record_attempt": _("Record an attempt"), "worklist.postpone": _("Postpone a task"),
            "worklist.finish": _("Finish a task"), "worklist.skip": _("Leave a task undone"),
            "worklist.escalate": _("Escalate a task"), "worklist.expire": _("Let a task expire"),
            "worklist.return_work": _("Return work after an absence"),
            "worklist.reckon_anew": _("Reckon deadlines anew"), "worklist.settle": _("End what has settled itself"),
            "worklist.withdraw": _("Leave undone what is asked for no longer"),
        })  # fmt: skip
        work = _("Worklist")
        slots.add_nav(
            slots.NavItem(work, _("My day"), "list-checks", "worklist:my-day", Verb.WORK, 1, keys="d"),
            slots.NavItem(work, _("Tasks"), "list-todo", "worklist:tasks", Verb.VIEW, 2),
            slots.NavItem(work, _("Team"), "users", "worklist:team", Verb.VIEW_TEAM, 3, keys="m"),
            slots.NavItem(work, _("Absences"), "calendar-off", "worklist:absences", Verb.WORK, 4),
            slots.NavItem(work, _("Working calendar"), "calendar-days", "worklist:calendar", Verb.VIEW_CALENDAR, 5),
        )
        slots.add_panel(
            slots.Panel("home", "worklist:home-panel", Verb.WORK, _("My work"), 5),
            slots.Panel("customer.page", "worklist:customer-panel", Verb.VIEW, _("Open work"), 5),
        )
        slots.add_finder(slots.Finder("worklist", _("My tasks"), Verb.WORK, panels.find, 40))
        slots.add_timeline(panels.moments)
