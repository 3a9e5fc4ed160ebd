from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "guanxi.records"
    label = "records"

    def ready(self) -> None:
        from guanxi.foundation import slots, verbs
        from guanxi.records import privacy
        from guanxi.records.permissions import Verb

        privacy.register()
        verbs.declare(
            _("Records"),
            {
                Verb.VIEW_AUDIT: _("Read the audit trail"),
                Verb.EXPORT_AUDIT: _("Export the audit trail"),
                Verb.APPLY_PRESETS: _("Apply presets"),
            },
        )
        verbs.name_acts({
            "records.attach": _("Attach a file"), "records.open_attachment": _("Open a file"),
            "records.show_pictures": _("See the pictures of something, small"),
            "records.withdraw_attachment": _("Withdraw a file"),
        })  # fmt: skip
        slots.add_nav(
            slots.NavItem(_("Settings"), _("Audit trail"), "scroll-text", "records:audit", Verb.VIEW_AUDIT, 90)
        )
        slots.add_nav(
            slots.NavItem(
                _("Settings"), _("Presets"), "package-open", "records:presets", Verb.APPLY_PRESETS, 80, everywhere=True
            )
        )
        slots.add_panel(
            slots.Panel("home", "records:recent", Verb.VIEW_AUDIT, _("Recent changes"), 60),
            slots.Panel("node.page", "records:node-history", Verb.VIEW_AUDIT, _("Changes here"), 90),
        )
