from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "guanxi.care"
    label = "care"

    def ready(self) -> None:
        from guanxi.care import panels, presets, privacy
        from guanxi.care.permissions import Verb
        from guanxi.foundation import presets as foundation_presets
        from guanxi.foundation import slots, verbs
        from guanxi.worklist import states as worklist

        privacy.register()
        foundation_presets.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        verbs.declare(
            _("Customer care"),
            {Verb.VIEW_RULES: _("See contact rules"), Verb.CHANGE_RULES: _("Change contact rules")},
        )
        slots.add_nav(
            slots.NavItem(_("Work"), _("Contact rules"), "list-ordered", "care:rules", Verb.VIEW_RULES, 6, keys="r")
        )
        slots.add_panel(slots.Panel("customer.page", "care:planned", Verb.VIEW_RULES, _("Planned contacts"), 7))
