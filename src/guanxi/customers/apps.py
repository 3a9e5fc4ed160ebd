from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "guanxi.customers"
    label = "customers"

    def ready(self) -> None:
        from guanxi.customers import privacy
        from guanxi.customers.permissions import Verb
        from guanxi.foundation import verbs

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
