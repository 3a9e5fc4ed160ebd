from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "guanxi.insight"
    label = "insight"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from guanxi.insight import privacy

        privacy.register()
