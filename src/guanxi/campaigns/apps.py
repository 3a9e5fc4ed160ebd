from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTS = {
    "campaigns.add_campaign": _("Write a campaign"),
    "campaigns.change_campaign": _("Change a campaign"),
    "campaigns.send_back": _("Send a campaign back"),
    "campaigns.cancel": _("Call a campaign off"),
    "campaigns.repeat": _("Repeat a campaign"),
    "campaigns.note_ending": _("Note how a call or a visit ended"),
    "campaigns.count_results": _("Count what came of campaigns"),
    "campaigns.add_recall": _("Write a recall"),
    "campaigns.add_cars": _("Put cars on the list of a recall"),
    "campaigns.change_recall": _("Change a recall"),
    "campaigns.submit_recall": _("Submit a recall"),
    "campaigns.approve_recall": _("Approve a recall"),
    "campaigns.send_back_recall": _("Send a recall back"),
    "campaigns.cancel_recall": _("Call a recall off"),
    "campaigns.approve_cars": _("Approve cars put on a recall"),
    "campaigns.take_cars_off": _("Take cars off a recall"),
    "campaigns.open_recall": _("Open a recall"),
    "campaigns.close_recall": _("Close a recall"),
    "campaigns.invite_owners": _("Invite owners of a recall"),
    "campaigns.mark_done": _("Carry out a recall"),
    "campaigns.mark_refused": _("Record a refused recall"),
    "campaigns.follow_owner": _("Follow what came of inviting an owner"),
    "campaigns.give_support": _("Give a support"),
    "campaigns.decline_support": _("Decline a support"),
    "campaigns.judge_support": _("Judge a support"),
    "campaigns.send_wave": _("Send out a wave of a campaign"),
}


class CampaignsConfig(AppConfig):
    name = "guanxi.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from guanxi.campaigns import panels, presets, privacy
        from guanxi.campaigns.permissions import Verb
        from guanxi.foundation import numbers, slots, verbs
        from guanxi.foundation import presets as loaders
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.SUPPORT, panels.CAMPAIGN)
        numbers.register(*panels.NUMBERS)
        verbs.declare(
            _("Campaigns"),
            {
                Verb.VIEW: _("See campaigns"),
                Verb.PLAN: _("Plan and submit campaigns"),
                Verb.APPROVE: _("Approve campaigns and recalls"),
                Verb.RUN: _("Start and end campaigns"),
                Verb.RESPOND: _("Record answers to campaigns"),
                Verb.MANAGE_RECALLS: _("Keep recalls and their lists"),
                Verb.ASK_SUPPORT: _("Ask for support and judge it"),
                Verb.EXPORT: _("Export campaigns"),
                Verb.APPLY_PRESET: _("Apply presets of campaigns"),
            },
        )
        verbs.name_acts(ACTS)
        slots.add_nav(
            slots.NavItem(
                _("Customers and cars"), _("Campaigns"), "megaphone", "campaigns:campaigns", Verb.VIEW, 24
            ),
            slots.NavItem(_("Customers and cars"), _("Support"), "handshake", "campaigns:supports", Verb.VIEW, 25),
            slots.NavItem(_("Customers and cars"), _("Recalls"), "siren", "campaigns:recalls", Verb.VIEW, 26),
        )  # fmt: skip
        slots.add_panel(
            slots.Panel("customer.page", "campaigns:customer-panel", Verb.VIEW, _("Campaigns"), 57)
        )  # fmt: skip
        slots.add_panel(
            slots.Panel("vehicle.page", "campaigns:vehicle-panel", Verb.VIEW, _("Recalls"), 20)
        )  # fmt: skip
