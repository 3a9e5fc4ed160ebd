from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "guanxi.privacy"
    label = "privacy"

    def ready(self) -> None:
        from guanxi.foundation import slots, verbs
        from guanxi.privacy import panels, privacy
        from guanxi.privacy.permissions import Verb

        privacy.register()
        verbs.name_acts({"privacy.hold": _("Leave customers alone for a time")})
        verbs.declare(
            _("Privacy"),
            {
                Verb.VIEW: _("See consents"),
                Verb.RECORD: _("Record and withdraw consent"),
                Verb.MANAGE_TEXTS: _("Keep the texts of consent"),
            },
        )
        slots.add_nav(
            slots.NavItem(
                _("Settings"), _("Texts of consent"), "file-check", "privacy:texts", Verb.MANAGE_TEXTS, 75,
                everywhere=True,
            )
        )  # fmt: skip
        slots.add_panel(slots.Panel("customer.page", "privacy:customer-panel", Verb.VIEW, _("Consents"), 60))
        slots.add_timeline(panels.moments)
