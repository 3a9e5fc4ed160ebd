from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopConfig(AppConfig):
    name = "guanxi.workshop"
    label = "workshop"

    def ready(self) -> None:
        from guanxi.foundation import verbs
        from guanxi.workshop import privacy
        from guanxi.workshop.permissions import Verb

        privacy.register()
        verbs.declare(
            _("Workshop"),
            {
                Verb.VIEW: _("See workshop visits"),
                Verb.RECORD_VISIT: _("Record workshop visits"),
                Verb.EXPORT: _("Export workshop visits"),
            },
        )
