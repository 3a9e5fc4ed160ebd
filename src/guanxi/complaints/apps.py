from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "guanxi.complaints"
    label = "complaints"

    def ready(self) -> None:
        from guanxi.complaints import panels, presets, privacy
        from guanxi.complaints.permissions import Verb
        from guanxi.complaints.states import Ending
        from guanxi.foundation import numbers, slots
        from guanxi.foundation import presets as loaders
        from guanxi.knowledge import states as knowledge
        from guanxi.records import states as records
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT, panels.SAMPLE, panels.MEETING, panels.BREACH, panels.CAUTION)
        numbers.register(*panels.NUMBERS)
        records.register_holders(panels.HOLDER)
        knowledge.register_matter(panels.ABOUT.type, panels.case)
        _name_verbs()
        group = _("Complaints and rescue")
        slots.add_nav(
            slots.NavItem(group, _("Complaints"), "message-square-warning", "complaints:complaints", Verb.VIEW, 9)
        )
        slots.add_nav(
            slots.NavItem(group, _("Asked once more"), "shield-check", "complaints:rechecks", Verb.RECHECK, 10)
        )
        slots.add_nav(slots.NavItem(group, _("Weekly meetings"), "users", "complaints:meetings", Verb.VIEW, 10))
        slots.add_nav(
            slots.NavItem(group, _("Cautions"), "triangle-alert", "complaints:cautions", Verb.VIEW_CAUTIONS, 10)
        )
        slots.add_nav(
            slots.NavItem(_("Knowledge"), _("Gaps in knowledge"), "search-x", "complaints:gaps", Verb.VIEW, 42)
        )
        slots.add_panel(
            slots.Panel("customer.page", "complaints:customer-panel", Verb.VIEW, _("Complaints and wishes"), 6)
        )
        slots.add_panel(slots.Panel("vehicle.page", "complaints:vehicle-panel", Verb.VIEW, _("Complaints"), 15))
        slots.add_timeline(panels.moments)
        slots.add_caveats(panels.caveats)
        slots.provide("matters.intake_url", panels.intake_url)
        slots.provide("matters.endings", lambda: Ending.choices)
        slots.provide("matters.may_read", lambda actor: actor.can(Verb.VIEW))


def _name_verbs() -> None:
    from guanxi.complaints.permissions import Verb
    from guanxi.foundation import verbs

    verbs.declare(
        _("Complaints"),
        {
            Verb.VIEW: _("See complaints"),
            Verb.OPEN: _("Take complaints in"),
            Verb.HANDLE: _("Handle complaints"),
            Verb.ASSIGN: _("Share out complaints, act for others"),
            Verb.REVISIT: _("Ask customers after a complaint"),
            Verb.APPROVE: _("Approve compensation"),
            Verb.JUDGE: _("Judge who is at fault"),
            Verb.RECHECK: _("Ask customers once more"),
            Verb.MEET: _("Keep minutes of weekly meetings"),
            Verb.VIEW_CAUTIONS: _("Read cautions about customers"),
            Verb.PROPOSE_CAUTION: _("Propose cautions"),
            Verb.REVIEW_CAUTION: _("Review and lift cautions"),
            Verb.EXPORT: _("Export complaints"),
            Verb.APPLY_PRESET: _("Apply presets of complaints"),
        },
    )
    verbs.name_acts({
        "complaints.join": _("Add words to a complaint"),
        "complaints.record_contact": _("Record the first contact of a complaint"),
        "complaints.decide_validity": _("Decide whether a complaint is valid"),
        "complaints.name_cause": _("Name the cause of a complaint"),
        "complaints.decide_inside": _("Decide whether a complaint is solved inside"),
        "complaints.agree_plan": _("Agree the plan of a complaint"),
        "complaints.resolve": _("Resolve a complaint"), "complaints.answer": _("Answer a customer"),
        "complaints.record_revisit": _("Ask a customer after a complaint"),
        "complaints.raise_complaint": _("Make a complaint of something else"),
        "complaints.escalate": _("Report a complaint upward"), "complaints.hand_over": _("Hand a complaint over"),
        "complaints.draw_rechecks": _("Draw closed complaints to ask once more"),
        "complaints.link_visit": _("Link a visit with a complaint"),
        "complaints.keep_caution": _("Keep a caution in force"), "complaints.lift_caution": _("Lift a caution"),
        "complaints.follow_postponed": _("Note that the clock of a complaint stands still"),
        "complaints.write_minutes": _("Write the minutes of a weekly meeting"),
        "complaints.decide_measure": _("Decide what is done about a complaint"),
        "complaints.strike": _("Strike a complaint from the agenda"),
        "complaints.file_meeting": _("File the minutes of a weekly meeting"),
        "complaints.want_question": _("Want a question to every customer"),
        "complaints.take_question": _("Put a wanted question into a script"),
        "complaints.decline_question": _("Decline a wanted question"),
        "complaints.count_limits": _("Count complaints against the limits"),
        "complaints.answer_limit": _("Say what comes of a limit"),
        "complaints.warn": _("Tell who has to know of a complaint"),
    })  # fmt: skip
