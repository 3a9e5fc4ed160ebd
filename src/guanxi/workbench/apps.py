from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "guanxi.workbench"
    label = "workbench"

    def ready(self) -> None:
        from guanxi.foundation import slots, verbs
        from guanxi.workbench import panels, privacy
        from guanxi.workbench.permissions import Verb

        privacy.register()
        verbs.declare(
            _("Workbench"),
            {Verb.SHARE_VIEW: _("Share saved views"), Verb.VIEW_HEALTH: _("See the state of the system")},
        )
        verbs.name_acts({
            "workbench.notify": _("Notify people"), "workbench.save_view": _("Save a view"),
            "workbench.delete_view": _("Delete a view"),
            "workbench.forget": _("Take notifications away"),
        })  # fmt: skip
        slots.provide("shell", panels.shell)
        slots.add_nav(
            slots.NavItem(
                _("Settings"), _("State of the system"), "activity", "workbench:health", Verb.VIEW_HEALTH, 95,
                everywhere=True,
            )
        )  # fmt: skip
