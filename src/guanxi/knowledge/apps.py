from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "guanxi.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from guanxi.foundation import numbers, slots, verbs
        from guanxi.foundation import presets as loaders
        from guanxi.knowledge import panels, presets, privacy, states
        from guanxi.knowledge.permissions import Verb
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(presets.LOADER)
        worklist.register_kinds(*panels.KINDS)
        worklist.register_subjects(panels.ABOUT)
        numbers.register(*panels.NUMBERS)
        states.register_matter(panels.ABOUT.type, panels.case)
        verbs.declare(
            _("Knowledge"),
            {
                Verb.VIEW: _("Read articles and questions"),
                Verb.WRITE: _("Write articles"),
                Verb.REVIEW: _("Review and publish articles"),
                Verb.ASK: _("Ask experts"),
                Verb.ANSWER: _("Answer as an expert"),
                Verb.DECIDE: _("Decide on demands on this software"),
                Verb.VIEW_READINGS: _("See who has read and confirmed"),
                Verb.EXPORT: _("Export articles and questions"),
                Verb.APPLY_PRESET: _("Apply presets of knowledge"),
            },
        )
        _name_acts()
        group = _("Knowledge")
        slots.add_nav(
            slots.NavItem(group, _("Find knowledge"), "book-open", "knowledge:find", Verb.VIEW, 40),
            slots.NavItem(group, _("To read"), "clipboard-check", "knowledge:to-read", Verb.VIEW, 39),
            slots.NavItem(
                group, _("Questions to experts"), "message-circle-question-mark", "knowledge:questions", Verb.VIEW, 41
            ),
            slots.NavItem(group, _("Demands on this software"), "lightbulb", "knowledge:demands", Verb.VIEW, 43),
        )
        slots.add_panel(slots.Panel("home", "knowledge:home-panel", Verb.VIEW, _("To read"), 4))
        slots.add_finder(slots.Finder("knowledge", _("Knowledge"), Verb.VIEW, panels.find, 45))


def _name_acts() -> None:
    from guanxi.foundation import verbs

    verbs.name_acts({
        "knowledge.submit": _("Send an article to review"),
        "knowledge.publish": _("Publish an article"),
        "knowledge.send_back": _("Send an article back to its author"),
        "knowledge.confirm": _("Confirm that an article is still right"),
        "knowledge.retire": _("Retire an article"),
        "knowledge.vote": _("Say whether an article helps"),
        "knowledge.mark_solved": _("Mark what an article solved"),
        "knowledge.settle": _("Say that an answer helped"),
        "knowledge.ask_again": _("Ask an expert again"),
        "knowledge.withdraw": _("Withdraw a question"),
        "knowledge.ask_for": _("Ask for something of this software"),
        "knowledge.ask_readers": _("Have an article confirmed by its readers"),
        "knowledge.remind_readers": _("Remind readers of an article"),
        "knowledge.lift_reading": _("Ask nobody any more to confirm an article"),
        "knowledge.confirm_read": _("Confirm that one has read an article"),
        "knowledge.back": _("Say that one needs it too"),
    })  # fmt: skip
