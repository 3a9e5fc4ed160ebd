from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VehiclesConfig(AppConfig):
    name = "guanxi.vehicles"
    label = "vehicles"

    def ready(self) -> None:
        from guanxi.foundation import verbs
        from guanxi.intake.services.staging import mergers
        from guanxi.vehicles import privacy
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
