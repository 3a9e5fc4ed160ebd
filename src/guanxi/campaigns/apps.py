from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "guanxi.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from guanxi.campaigns import panels, presets, privacy
        from guanxi.campaigns.permissions import Verb
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots, verbs
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        verbs.declare(
            _("Campaigns"),
            {
                Verb.VIEW: _("See campaigns"),
                Verb.PLAN: _("Plan and submit campaigns"),
                Verb.APPROVE: _("Approve campaigns or send them back"),
                Verb.RUN: _("Start and end campaigns"),
                Verb.RESPOND: _("Record answers to campaigns"),
                Verb.EXPORT: _("Export campaigns"),
                Verb.APPLY_PRESET: _("Apply presets of campaigns"),
            },
        )
        verbs.name_acts({
            "campaigns.add_campaign": _("Write a campaign"),
            "campaigns.change_campaign": _("Change a campaign"),
            "campaigns.send_back": _("Send a campaign back"),
            "campaigns.cancel": _("Call a campaign off"),
            "campaigns.count_results": _("Count what came of campaigns"),
            "campaigns.send_wave": _("Send out a wave of a campaign"),
        })  # fmt: skip
        slots.add_nav(
            slots.NavItem(
                _("Customers and cars"), _("Campaigns"), "megaphone", "campaigns:campaigns", Verb.VIEW, 24
            )
        )  # fmt: skip
        slots.add_panel(
            slots.Panel("customer.page", "campaigns:customer-panel", Verb.VIEW, _("Campaigns"), 57)
        )  # fmt: skip
