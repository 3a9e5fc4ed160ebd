from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "guanxi.care"
    label = "care"

    def ready(self) -> None:
        from guanxi.care import privacy
        from guanxi.care.permissions import Verb
        from guanxi.care.presets import terms
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots, verbs

        privacy.register()
        loaders.register(terms.LOADER)
        verbs.declare(
            _("Customer care"),
            {
                Verb.VIEW: _("See what owners are and what is due"),
                Verb.EXPORT: _("Export lists of owners by state"),
                Verb.APPLY_TERMS: _("Apply presets to the limits of care"),
            },
        )
        group = _("Customers and cars")
        slots.add_nav(slots.NavItem(group, _("Owner states"), "heart-handshake", "care:states", Verb.VIEW, 14))
        slots.add_panel(
            slots.Panel("customer.page", "care:customer-panel", Verb.VIEW, _("State and next maintenance"), 15),
            slots.Panel("vehicle.page", "care:vehicle-panel", Verb.VIEW, _("Life and forecast"), 10),
        )
