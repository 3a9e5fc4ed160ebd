from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "guanxi.privacy"
    label = "privacy"

    def ready(self) -> None:
        from guanxi.foundation import verbs
        from guanxi.privacy import privacy
        from guanxi.privacy.permissions import Verb

        privacy.register()
        verbs.declare(
            _("Privacy"),
            {
                Verb.VIEW: _("See consents"),
                Verb.RECORD: _("Record and withdraw consent"),
                Verb.MANAGE_TEXTS: _("Keep the texts of consent"),
            },
        )
