from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactCentreConfig(AppConfig):
    name = "guanxi.contact_centre"
    label = "contact_centre"

    def ready(self) -> None:
        from guanxi.contact_centre import panels, presets, privacy
        from guanxi.contact_centre.permissions import Verb
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots, verbs
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        verbs.declare(
            _("Customer contact"),
            {
                Verb.VIEW: _("See calls"),
                Verb.CALL: _("Call customers"),
                Verb.VIEW_TEAM: _("See the calls of the team"),
                Verb.EXPORT: _("Export lists of calls"),
                Verb.CHANGE_SCRIPTS: _("Change call scripts"),
            },
        )
        group = _("Worklist")
        slots.add_nav(
            slots.NavItem(group, _("Calls"), "phone-outgoing", "contact_centre:calls", Verb.VIEW, 6),
            slots.NavItem(group, _("Call scripts"), "message-square-quote", "contact_centre:scripts", Verb.VIEW, 7),
        )
        slots.add_panel(slots.Panel("customer.page", "contact_centre:customer-panel", Verb.VIEW, _("Calls"), 8))
        slots.add_timeline(panels.moments)
        slots.provide("worklist.call_url", panels.call_url)
