from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactCentreConfig(AppConfig):
    name = "guanxi.contact_centre"
    label = "contact_centre"

    def ready(self) -> None:
        from guanxi.contact_centre import panels, privacy
        from guanxi.contact_centre.presets import enquiries, reviews, scripts
        from guanxi.foundation import numbers, slots
        from guanxi.foundation import presets as loaders
        from guanxi.knowledge import states as knowledge
        from guanxi.worklist import states as worklist

        privacy.register()
        for part in (scripts, enquiries, reviews):
            loaders.register(part.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT)
        numbers.register(*panels.NUMBERS)
        knowledge.register_matter(panels.ABOUT.type, panels.case)
        _name_rights()
        _show_pages()
        slots.add_timeline(panels.moments)
        slots.add_timeline(panels.asked)
        slots.add_timeline(panels.intended)
        slots.provide("worklist.call_url", panels.call_url)


def _name_rights() -> None:
    from guanxi.contact_centre.permissions import Verb
    from guanxi.foundation import verbs

    verbs.declare(
        _("Customer contact"),
        {
            Verb.VIEW: _("See calls"),
            Verb.CALL: _("Call customers"),
            Verb.VIEW_TEAM: _("See the calls of the team"),
            Verb.EXPORT: _("Export calls and enquiries"),
            Verb.CHANGE_SCRIPTS: _("Change call scripts and categories"),
            Verb.WRITE_SCRIPT: _("Write call scripts"),
            Verb.APPROVE_SCRIPT: _("Approve call scripts"),
            Verb.REVIEW_CALLS: _("Judge calls that were drawn"),
            Verb.VIEW_ENQUIRIES: _("See enquiries"),
            Verb.TAKE_ENQUIRY: _("Take enquiries and reply to them"),
            Verb.ANSWER_ENQUIRY: _("Answer enquiries for a department"),
        },
    )
    verbs.name_acts({
        "contact_centre.discard_script": _("Discard the draft of a call script"),
        "contact_centre.draw_calls": _("Draw calls to be judged"),
        "contact_centre.reply": _("Reply to an enquiry"),
        "contact_centre.transfer": _("Pass an enquiry on"),
        "contact_centre.reveal_caller": _("Show the number of a caller"),
    })  # fmt: skip


def _show_pages() -> None:
    from guanxi.contact_centre.permissions import Verb
    from guanxi.foundation import slots

    group, page = _("Customer contact"), "customer.page"
    for label, icon, name, verb, keys in (
        (_("Inbound"), "phone-incoming", "inbound", Verb.TAKE_ENQUIRY, "e"),
        (_("Enquiries"), "messages-square", "enquiries", Verb.VIEW_ENQUIRIES, ""),
        (_("Calls"), "phone-outgoing", "calls", Verb.VIEW, ""),
        (_("Calls of the team"), "headset", "supervision", Verb.VIEW_TEAM, ""),
        (_("Intentions to buy"), "shopping-cart", "intentions", Verb.VIEW, ""),
        (_("Listening samples"), "ear", "reviews", Verb.VIEW, ""),
        (_("Call scripts"), "message-square-quote", "scripts", Verb.VIEW, ""),
    ):
        slots.add_nav(slots.NavItem(group, label, icon, f"contact_centre:{name}", verb, 8, keys=keys))
    slots.add_panel(
        slots.Panel(page, "contact_centre:customer-panel", Verb.VIEW, _("Calls"), 8),
        slots.Panel(page, "contact_centre:enquiries-panel", Verb.VIEW_ENQUIRIES, _("Enquiries"), 8),
    )
