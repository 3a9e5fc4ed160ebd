from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RescueConfig(AppConfig):
    name = "guanxi.rescue"
    label = "rescue"

    def ready(self) -> None:
        from guanxi.foundation import numbers, slots, verbs
        from guanxi.foundation import presets as loaders
        from guanxi.knowledge import states as knowledge
        from guanxi.rescue import panels, presets, privacy
        from guanxi.rescue.permissions import Verb
        from guanxi.rescue.queries import rescues
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT)
        numbers.register(*panels.NUMBERS)
        knowledge.register_matter(panels.ABOUT.type, panels.case)
        verbs.declare(
            _("Rescue"),
            {
                Verb.VIEW: _("See rescues"),
                Verb.TAKE: _("Take rescues"),
                Verb.RECEIVE_CALL: _("Hand over emergency calls of cars"),
                Verb.DISPATCH: _("Send help, recall, cancel"),
                Verb.ANSWER: _("Answer rescues for a provider"),
                Verb.CALL_BACK: _("Call back after rescues"),
                Verb.CHANGE_PROVIDERS: _("Keep who helps on the road"),
                Verb.EXPORT: _("Export rescues"),
                Verb.APPLY_TERMS: _("Apply presets of rescues"),
            },
        )
        verbs.name_acts({
            "rescue.recall": _("Recall who was sent to a rescue"),
            "rescue.cancel": _("Cancel a rescue"),
            "rescue.lapse": _("Take a rescue back that nobody answered"),
            "rescue.refuse": _("Refuse a rescue"),
            "rescue.fail": _("Say that a rescue cannot be done"),
            "rescue.arrive": _("Arrive at a rescue"),
            "rescue.finish": _("Finish a rescue"),
            "rescue.link_visit": _("Note the workshop visit after a tow"),
        })  # fmt: skip
        group = _("Complaints and rescue")
        slots.add_nav(
            slots.NavItem(group, _("Rescues"), "siren", "rescue:rescues", Verb.VIEW, 9),
            slots.NavItem(group, _("Who helps"), "truck", "rescue:providers", Verb.VIEW, 9),
        )
        slots.add_panel(slots.Panel("customer.page", "rescue:customer-panel", Verb.VIEW, _("Rescues"), 14))
        slots.add_timeline(panels.moments)
        slots.provide("rescue.verdict", rescues.verdict)
