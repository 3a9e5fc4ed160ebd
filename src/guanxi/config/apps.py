from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "guanxi.config"
    label = "config"

    def ready(self) -> None:
        from guanxi.config import wiring
        from guanxi.foundation import verbs

        wiring.install()
        verbs.name_acts({"demo.load": _("Load the demonstration"), "demo.remove": _("Remove the demonstration")})
