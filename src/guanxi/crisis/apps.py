from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrisisConfig(AppConfig):
    name = "guanxi.crisis"
    label = "crisis"

    def ready(self) -> None:
        from guanxi.crisis import panels, presets, privacy
        from guanxi.crisis.permissions import Verb
        from guanxi.foundation import numbers, slots, verbs
        from guanxi.foundation import presets as loaders
        from guanxi.records import states as records
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(*panels.ABOUT)
        numbers.register(*panels.NUMBERS)
        records.register_holders(panels.HOLDER)
        verbs.declare(
            _("Crises"),
            {
                Verb.VIEW: _("See crises"),
                Verb.OPEN: _("Open crises"),
                Verb.HANDLE: _("Lead crises"),
                Verb.APPROVE: _("Approve statements in a crisis"),
                Verb.EXPORT: _("Export crises"),
                Verb.APPLY_PRESET: _("Apply presets of crises"),
            },
        )
        verbs.name_acts({
            "crisis.note": _("Write into the log of a crisis"), "crisis.assess": _("Assess a crisis anew"),
            "crisis.put_in_charge": _("Put somebody in charge of a crisis"),
            "crisis.give_work": _("Give work in a crisis"), "crisis.link": _("Link a complaint with a crisis"),
            "crisis.unlink": _("Take a complaint off a crisis"), "crisis.calm": _("Say that a crisis calmed down"),
            "crisis.allow_contact": _("Let contact go on in a crisis, or stop it"),
            "crisis.close": _("Close a crisis"), "crisis.reopen": _("Open a crisis again"),
            "crisis.drafted_statement": _("Write a statement in a crisis"),
            "crisis.approved_statement": _("Approve a statement in a crisis"),
            "crisis.said_statement": _("Record that a statement was made"),
            "crisis.tell": _("Tell who has to know of a crisis"),
            "crisis.register": _("Register a media report"), "crisis.attach": _("Put a media report to a crisis"),
            "crisis.answer": _("Answer a media report"), "crisis.close_report": _("Close a media report"),
            "crisis.watch": _("Watch over complaints"), "crisis.dismiss": _("Dismiss an alarm"),
            "crisis.open_from_alarm": _("Open a crisis from an alarm"),
            "crisis.follow_merge": _("Let care lists follow merged customers"),
            "crisis.restrict": _("Close a room to named people"), "crisis.lift": _("Open a room to all again"),
            "crisis.add_owners": _("Put owners on a care list"), "crisis.ask_calls": _("Let outlets call owners"),
            "crisis.mark_owner": _("Note how far an owner was reached"),
            "crisis.follow_call": _("Note what came of a call to an owner"),
        })  # fmt: skip
        group = _("Complaints and rescue")
        slots.add_nav(slots.NavItem(group, _("Crises"), "flame", "crisis:crises", Verb.VIEW, 9))
        slots.add_panel(slots.Panel("complaint.page", "crisis:complaint-panel", Verb.VIEW, _("Crisis event"), 1))
