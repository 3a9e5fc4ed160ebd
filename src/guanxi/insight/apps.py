from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "guanxi.insight"
    label = "insight"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from guanxi.foundation import verbs
        from guanxi.insight import privacy

        privacy.register()
        verbs.name_acts({"insight.pass_night": _("Work out states and due dates")})
