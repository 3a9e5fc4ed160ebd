from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    name = "guanxi.verification"
    label = "verification"

    def ready(self) -> None:
        from guanxi.foundation import numbers, slots, verbs
        from guanxi.foundation import presets as loaders
        from guanxi.verification import panels, presets, privacy
        from guanxi.verification.permissions import Verb
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT, panels.FALSE_FILE)
        numbers.register(*panels.NUMBERS)
        verbs.declare(
            _("Verification of information"),
            {
                Verb.VIEW: _("See checks and correction orders"),
                Verb.CHECK: _("Verify records in calls"),
                Verb.ISSUE: _("Order corrections of records"),
                Verb.ANSWER: _("Correct records, dispute orders"),
                Verb.VERIFY: _("Verify corrections, decide disputes"),
                Verb.MARK_FALSE: _("Mark customer files as false"),
                Verb.DECIDE_FALSE: _("Decide about false files"),
                Verb.EXPORT: _("Export checks and orders"),
                Verb.APPLY_PRESET: _("Apply presets of verification"),
            },
        )
        verbs.name_acts({
            "verification.dispute": _("Dispute a correction order"),
            "verification.insist": _("Send a disputed order out again"),
            "verification.withdraw": _("Withdraw a correction order"),
            "verification.undo_false": _("Undo a confirmed false file"),
        })  # fmt: skip
        group = _("Verification of information")
        slots.add_nav(
            slots.NavItem(group, _("Correction orders"), "user-round-pen", "verification:orders", Verb.VIEW, 19),
            slots.NavItem(group, _("Checks of records"), "list-checks", "verification:checks", Verb.VIEW, 19),
            slots.NavItem(group, _("Information quality"), "gauge", "verification:quality", Verb.VIEW, 19),
            slots.NavItem(group, _("Truth of warranty repairs"), "wrench", "verification:truth", Verb.VIEW, 19),
            slots.NavItem(group, _("False files"), "file-x", "verification:false-files", Verb.VIEW, 19),
        )
        slots.add_panel(
            slots.Panel("customer.page", "verification:customer-panel", Verb.VIEW, _("Verification of information"), 13)
        )
        slots.add_timeline(panels.of_customer)
