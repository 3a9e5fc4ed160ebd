from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RectificationConfig(AppConfig):
    name = "guanxi.rectification"
    label = "rectification"

    def ready(self) -> None:
        from guanxi.foundation import numbers, slots, verbs
        from guanxi.foundation import presets as loaders
        from guanxi.records import states as records
        from guanxi.rectification import panels, presets, privacy
        from guanxi.rectification.permissions import Verb
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT)
        numbers.register(*panels.NUMBERS)
        records.register_holders(panels.HOLDER)
        verbs.declare(
            _("Rectification"),
            {
                Verb.VIEW: _("See rectification notices"),
                Verb.ISSUE: _("Issue rectification notices"),
                Verb.ANSWER: _("Answer rectification notices"),
                Verb.VERIFY: _("Verify rectifications, decide refusals"),
                Verb.EXPORT: _("Export rectification notices"),
                Verb.APPLY_PRESET: _("Apply presets of departments"),
            },
        )
        verbs.name_acts({
            "rectification.receive": _("Receive a rectification notice"),
            "rectification.refuse": _("Refuse a rectification notice"),
            "rectification.insist": _("Send a refused notice out again"),
            "rectification.withdraw": _("Withdraw a rectification notice"),
        })  # fmt: skip
        slots.add_nav(
            slots.NavItem(
                _("Complaints and rescue"),
                _("Rectification notices"),
                "clipboard-pen",
                "rectification:notices",
                Verb.VIEW,
                9,
            )
        )
        slots.add_panel(
            slots.Panel(
                "customer.page", "rectification:customer-panel", Verb.VIEW, _("Rectification notices"), 12
            )
        )  # fmt: skip
