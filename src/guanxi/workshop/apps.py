from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopConfig(AppConfig):
    name = "guanxi.workshop"
    label = "workshop"

    def ready(self) -> None:
        from guanxi.foundation import verbs
        from guanxi.intake.services.staging import mergers
        from guanxi.workshop import privacy
        from guanxi.workshop.permissions import Verb
        from guanxi.workshop.services.importing import visits

        privacy.register()
        mergers.register(visits.MERGER)
        verbs.declare(
            _("Workshop"),
            {
                Verb.VIEW: _("See workshop visits"),
                Verb.RECORD_VISIT: _("Record workshop visits"),
                Verb.EXPORT: _("Export workshop visits"),
            },
        )
