from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "guanxi.messaging"
    label = "messaging"

    def ready(self) -> None:
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots, verbs
        from guanxi.messaging import panels, presets, privacy
        from guanxi.messaging.permissions import Verb

        privacy.register()
        loaders.register(presets.LOADER)
        verbs.declare(
            _("Messages"),
            {
                Verb.VIEW: _("See messages and templates"),
                Verb.SEND: _("Write to customers from templates"),
                Verb.SEND_WORDS: _("Write to customers in own words"),
                Verb.EXPORT: _("Export messages"),
                Verb.WRITE_TEMPLATE: _("Write templates"),
                Verb.APPROVE_TEMPLATE: _("Approve and retire templates"),
                Verb.SEND_AGAIN: _("Send again what failed"),
                Verb.PRINT_LETTERS: _("Print letters and post them"),
                Verb.RECEIVE_REPLY: _("Report what customers answered"),
                Verb.APPLY_TERMS: _("Apply presets to messages"),
            },
        )
        verbs.name_acts({
            "messaging.retire_template": _("Retire a template"), "messaging.send_waiting": _("Send what waits"),
            "messaging.post_letters": _("Hand letters to the post"),
            "messaging.invite": _("Invite to follow on WeChat"),
            "messaging.follow": _("Follow on WeChat"),
            "messaging.leave": _("Leave on WeChat"),
            "messaging.keep_stray_mail": _("Keep a stray mail"),
            "messaging.record_report": _("Report what became of a message"),
        })  # fmt: skip
        slots.add_nav(
            slots.NavItem(
                _("Customers and cars"), _("Messages"), "message-square", "messaging:messages", Verb.VIEW, 16
            ),
            slots.NavItem(
                _("Settings"), _("Message templates"), "message-square-text", "messaging:templates", Verb.VIEW, 74
            ),
        )
        slots.add_panel(slots.Panel("customer.page", "messaging:customer-panel", Verb.VIEW, _("Messages"), 55))
        slots.add_timeline(panels.moments)
