from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "guanxi.care"
    label = "care"

    def ready(self) -> None:
        from guanxi.care import presets, privacy
        from guanxi.care.permissions import Verb
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import verbs

        privacy.register()
        loaders.register(presets.LOADER)
        verbs.declare(
            _("Customer care"),
            {
                Verb.VIEW: _("See what owners are and what is due"),
                Verb.EXPORT: _("Export lists of owners by state"),
                Verb.APPLY_TERMS: _("Apply presets to the limits of care"),
            },
        )
