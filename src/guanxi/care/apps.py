from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "guanxi.care"
    label = "care"

    def ready(self) -> None:
        from guanxi.care import privacy
        from guanxi.care.models import CarState, OwnerState, StateChange
        from guanxi.care.panels import rounds
        from guanxi.care.panels import rules as panels
        from guanxi.care.permissions import Verb
        from guanxi.care.presets import checklists, playbooks, terms
        from guanxi.foundation import presets as loaders
        from guanxi.foundation import slots, verbs
        from guanxi.intake.services.staging import mergers
        from guanxi.worklist import states as worklist

        privacy.register()
        loaders.register(terms.LOADER)
        loaders.register(playbooks.LOADER)
        loaders.register(checklists.LOADER)
        mergers.register_derived(OwnerState, StateChange, CarState)
        worklist.register_kinds(*panels.KINDS)
        rounds.register()
        verbs.declare(
            _("Customer care"),
            {
                Verb.VIEW: _("See what owners are and what is due"),
                Verb.EXPORT: _("Export lists of customer care"),
                Verb.APPLY_TERMS: _("Apply presets to the limits of care"),
                Verb.VIEW_RULES: _("See contact rules"),
                Verb.CHANGE_RULES: _("Change contact rules"),
                Verb.VIEW_ROUNDS: _("See check lists and rounds"),
                Verb.FILE_ROUNDS: _("Go round with a check list"),
            },
        )
        group = _("Customers and cars")
        slots.add_nav(
            slots.NavItem(group, _("Owner states"), "heart-handshake", "care:states", Verb.VIEW, 14),
            slots.NavItem(
                _("Worklist"), _("Contact rules"), "list-ordered", "care:rules", Verb.VIEW_RULES, 6, keys="r"
            ),
        )
        verbs.name_acts({
            "care.apply_preset": _("Apply a preset of contact rules"), "care.make_tasks": _("Make the tasks of a day"),
            "care.add_rule": _("Add a contact rule"), "care.change_rule": _("Change a contact rule"),
        })  # fmt: skip
        slots.add_panel(
            slots.Panel("customer.page", "care:planned", Verb.VIEW_RULES, _("Planned contacts"), 7),
            slots.Panel("customer.page", "care:customer-panel", Verb.VIEW, _("State and next maintenance"), 15),
            slots.Panel("vehicle.page", "care:vehicle-panel", Verb.VIEW, _("Life and forecast"), 10),
        )
