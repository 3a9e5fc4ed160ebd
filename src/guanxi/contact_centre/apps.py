from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactCentreConfig(AppConfig):
    name = "guanxi.contact_centre"
    label = "contact_centre"

    def ready(self) -> None:
        from guanxi.contact_centre import panels, privacy
        from guanxi.contact_centre.permissions import Verb
        from guanxi.contact_centre.presets import enquiries, scripts
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots, verbs
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(scripts.LOADER)
        loaders.register(enquiries.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT)
        verbs.declare(
            _("Customer contact"),
            {
                Verb.VIEW: _("See calls"),
                Verb.CALL: _("Call customers"),
                Verb.VIEW_TEAM: _("See the calls of the team"),
                Verb.EXPORT: _("Export calls and enquiries"),
                Verb.CHANGE_SCRIPTS: _("Change call scripts and categories"),
                Verb.VIEW_ENQUIRIES: _("See enquiries"),
                Verb.TAKE_ENQUIRY: _("Take enquiries and reply to them"),
                Verb.ANSWER_ENQUIRY: _("Answer enquiries for a department"),
            },
        )
        verbs.name_acts({
            "contact_centre.reply": _("Reply to an enquiry"),
            "contact_centre.transfer": _("Pass an enquiry on"),
            "contact_centre.reveal_caller": _("Show the number of a caller"),
        })  # fmt: skip
        group = _("Worklist")
        slots.add_nav(
            slots.NavItem(
                group, _("Inbound"), "phone-incoming", "contact_centre:inbound", Verb.TAKE_ENQUIRY, 5, keys="e"
            ),
            slots.NavItem(group, _("Enquiries"), "messages-square", "contact_centre:enquiries", Verb.VIEW_ENQUIRIES, 5),
            slots.NavItem(group, _("Calls"), "phone-outgoing", "contact_centre:calls", Verb.VIEW, 6),
            slots.NavItem(group, _("Calls of the team"), "headset", "contact_centre:supervision", Verb.VIEW_TEAM, 6),
            slots.NavItem(group, _("Call scripts"), "message-square-quote", "contact_centre:scripts", Verb.VIEW, 7),
        )
        slots.add_panel(slots.Panel("customer.page", "contact_centre:customer-panel", Verb.VIEW, _("Calls"), 8))
        slots.add_panel(
            slots.Panel(
                "customer.page", "contact_centre:enquiries-panel", Verb.VIEW_ENQUIRIES, _("Enquiries"), 8
            )
        )  # fmt: skip
        slots.add_timeline(panels.moments)
        slots.add_timeline(panels.asked)
        slots.provide("worklist.call_url", panels.call_url)
