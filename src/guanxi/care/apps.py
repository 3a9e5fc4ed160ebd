from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "guanxi.care"
    label = "care"

    def ready(self) -> None:
        from guanxi.care import privacy
        from guanxi.care.models import CarState, Member, OwnerState, StateChange
        from guanxi.care.panels import gatherings, rounds, rules
        from guanxi.care.permissions import Verb
        from guanxi.care.presets import checklists, playbooks, terms
        from guanxi.care.presets import gatherings as lectures
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots
        from guanxi.intake.services.staging import mergers
        from guanxi.records import states as attached
        from guanxi.worklist import states as worklist

        privacy.register()
        for loader in (terms.LOADER, playbooks.LOADER, checklists.LOADER, lectures.LOADER):
            loaders.register(loader)
        mergers.register_derived(OwnerState, StateChange, CarState, Member)
        worklist.register_kinds(*rules.KINDS, gatherings.KIND)
        worklist.register_subjects(gatherings.SUBJECT)
        _name_verbs()
        rounds.register()
        attached.register_holders(rounds.HOLDER)
        group = _("Customers and cars")
        slots.add_nav(
            slots.NavItem(group, _("Owner states"), "heart-handshake", "care:states", Verb.VIEW, 14),
            slots.NavItem(group, _("Car-care lectures"), "presentation", "care:gatherings", Verb.VIEW_GATHERINGS, 15),
            slots.NavItem(
                _("Worklist"), _("Contact rules"), "list-ordered", "care:rules", Verb.VIEW_RULES, 6, keys="r"
            ),
            slots.NavItem(_("Worklist"), _("Weather notices"), "cloud-rain-wind", "care:notices", Verb.VIEW_RULES, 7),
        )
        slots.add_panel(
            slots.Panel("customer.page", "care:planned", Verb.VIEW_RULES, _("Planned contacts"), 7),
            slots.Panel("customer.page", "care:customer-panel", Verb.VIEW, _("State and next maintenance"), 15),
            slots.Panel("vehicle.page", "care:vehicle-panel", Verb.VIEW, _("Life and forecast"), 10),
        )


def _name_verbs() -> None:
    from guanxi.care.permissions import Verb
    from guanxi.foundation import verbs

    verbs.declare(
        _("Customer care"),
        {
            Verb.VIEW: _("See what owners are and what is due"),
            Verb.EXPORT: _("Export lists of customer care"),
            Verb.APPLY_TERMS: _("Apply presets to the limits of care"),
            Verb.VIEW_RULES: _("See contact rules"),
            Verb.CHANGE_RULES: _("Change contact rules"),
            Verb.GIVE_NOTICE: _("Give weather notices"),
            Verb.VIEW_ROUNDS: _("See check lists and rounds"),
            Verb.FILE_ROUNDS: _("Go round with a check list"),
            Verb.CHANGE_CHECK_LISTS: _("Change check lists"),
            Verb.VIEW_GATHERINGS: _("See proposals of lectures"),
            Verb.DECIDE_GATHERINGS: _("Decide about lectures and whom they invite"),
            Verb.EXPORT_GATHERINGS: _("Export proposals and invitation lists"),
        },
    )
    verbs.name_acts({
        "care.apply_preset": _("Apply a preset of contact rules"), "care.make_tasks": _("Make the tasks of a day"),
        "care.add_rule": _("Add a contact rule"), "care.change_rule": _("Change a contact rule"),
        "care.withdraw_notice": _("Withdraw a weather notice"),
        "care.leave_withdrawn": _("Leave the tasks of a withdrawn notice undone"),
        "care.apply_gatherings": _("Apply a preset of lectures"),
        "care.gather": _("Count who has gathered for a lecture"),
        "care.accept_proposal": _("Take a lecture on"), "care.decline_proposal": _("Decline a lecture"),
        "care.reveal_invited": _("Export an invitation list with whole numbers"),
        "care.exclude_member": _("Take somebody off the list of a lecture"),
        "care.include_member": _("Put somebody back on the list of a lecture"),
    })  # fmt: skip
