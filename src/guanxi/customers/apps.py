from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "guanxi.customers"
    label = "customers"

    def ready(self) -> None:
        from guanxi.customers import panels, privacy
        from guanxi.customers.permissions import Verb
        from guanxi.foundation import slots, verbs

        privacy.register()
        verbs.declare(
            _("Customers"),
            {
                Verb.VIEW: _("See customers"),
                Verb.ADD: _("Add customers"),
                Verb.CHANGE: _("Change customers"),
                Verb.RELATE: _("Decide what a customer is to an outlet"),
                Verb.NOTE: _("Write notes on customers"),
                Verb.REVEAL_PHONE: _("See whole telephone numbers"),
                Verb.REVEAL_IDENTITY: _("See whole identity numbers"),
                Verb.VERIFY: _("Verify customer records"),
                Verb.MERGE: _("Merge customers"),
                Verb.EXPORT: _("Export customer lists"),
            },
        )
        group = _("Customers and cars")
        slots.add_nav(
            slots.NavItem(group, _("Customers"), "users-round", "customers:customers", Verb.VIEW, 10, keys="c"),
            slots.NavItem(group, _("Data quality"), "gauge", "customers:quality", Verb.VIEW, 18),
        )
        slots.add_panel(slots.Panel("customer.page", "customers:happened", Verb.VIEW, _("What happened"), 90))
        slots.add_finder(slots.Finder("customers", _("Customers"), Verb.VIEW, panels.find, 10))
        slots.add_timeline(panels.moments)
