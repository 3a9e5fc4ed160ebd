from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklistConfig(AppConfig):
    name = "guanxi.worklist"
    label = "worklist"

    def ready(self) -> None:
        from guanxi.foundation import presets, verbs
        from guanxi.worklist import privacy, states
        from guanxi.worklist.permissions import Verb
        from guanxi.worklist.presets import LOADER

        privacy.register()
        presets.register(LOADER)
        states.register_kinds(states.MANUAL)
        verbs.declare(
            _("Worklist"),
            {
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
