from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VehiclesConfig(AppConfig):
    name = "guanxi.vehicles"
    label = "vehicles"

    def ready(self) -> None:
        from guanxi.foundation import slots, verbs
        from guanxi.intake.services.staging import mergers
        from guanxi.vehicles import panels, privacy
        from guanxi.vehicles.permissions import Verb
        from guanxi.vehicles.services.importing import owners

        privacy.register()
        mergers.register(owners.MERGER)
        verbs.declare(
            _("Vehicles"),
            {
                Verb.VIEW: _("See cars"),
                Verb.ADD: _("Add cars"),
                Verb.CHANGE: _("Change cars"),
                Verb.CHANGE_OWNER: _("Change the owner of a car"),
                Verb.EXPORT: _("Export lists of cars"),
                Verb.VIEW_CATALOGUE: _("See the catalogue"),
                Verb.CHANGE_CATALOGUE: _("Change the catalogue"),
            },
        )
        group = _("Customers and cars")
        slots.add_nav(
            slots.NavItem(group, _("Cars"), "car", "vehicles:vehicles", Verb.VIEW, 12, keys="v"),
            slots.NavItem(group, _("Catalogue"), "book-open-text", "vehicles:catalogue", Verb.VIEW_CATALOGUE, 16),
        )
        slots.add_panel(slots.Panel("customer.page", "vehicles:customer-panel", Verb.VIEW, _("Cars"), 20))
        slots.add_finder(slots.Finder("vehicles", _("Cars"), Verb.VIEW, panels.find, 12))
        slots.add_timeline(panels.moments)
        slots.provide("customer_cars", panels.names_of_cars)
        slots.provide("customer_card_cars", panels.cars_of_card)
