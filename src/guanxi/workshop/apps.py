from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopConfig(AppConfig):
    name = "guanxi.workshop"
    label = "workshop"

    def ready(self) -> None:
        from guanxi.foundation import slots, verbs
        from guanxi.intake.services.staging import mergers
        from guanxi.workshop import panels, privacy
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
        group = _("Customers and cars")
        slots.add_nav(slots.NavItem(group, _("Workshop visits"), "wrench", "workshop:visits", Verb.VIEW, 14, keys="w"))
        slots.add_panel(
            slots.Panel("vehicle.page", "workshop:vehicle-panel", Verb.VIEW, _("Workshop visits"), 30),
            slots.Panel("customer.page", "workshop:customer-panel", Verb.VIEW, _("Workshop visits"), 30),
        )
        slots.add_timeline(panels.moments)
