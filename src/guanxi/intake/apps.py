from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "guanxi.intake"
    label = "intake"

    def ready(self) -> None:
        from guanxi.foundation import slots, verbs
        from guanxi.intake import privacy
        from guanxi.intake.permissions import Verb

        privacy.register()
        verbs.declare(
            _("Imports"),
            {
                Verb.VIEW: _("See imports"),
                Verb.IMPORT_FILE: _("Import files of other systems"),
                Verb.UNDO_IMPORT: _("Undo imports"),
            },
        )
        group = _("Customers and cars")
        slots.add_nav(slots.NavItem(group, _("Imports"), "file-up", "intake:runs", Verb.VIEW, 19, keys="i"))
