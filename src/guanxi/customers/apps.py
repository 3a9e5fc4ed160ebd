from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from guanxi.foundation.presets import Loader


class CustomersConfig(AppConfig):
    name = "guanxi.customers"
    label = "customers"

    def ready(self) -> None:
        from guanxi.customers import panels, privacy
        from guanxi.customers.models import Quality
        from guanxi.customers.permissions import Verb
        from guanxi.foundation import presets, slots, verbs
        from guanxi.intake.services.staging import mergers

        privacy.register()
        verbs.declare(
            _("Customers"),
            {
                Verb.VIEW: _("See customers"),
                Verb.ADD: _("Add customers"),
                Verb.CHANGE: _("Change customers"),
                Verb.RELATE: _("Decide what a customer is to an outlet"),
                Verb.NOTE: _("Write notes on customers"),
                Verb.REVEAL_PHONE: _("See whole telephone numbers"),
                Verb.REVEAL_IDENTITY: _("See whole identity numbers"),
                Verb.VERIFY: _("Verify customer records"),
                Verb.MERGE: _("Merge customers"),
                Verb.PUBLISH_STANDARD: _("Publish the standard of customer information"),
                Verb.EXPORT: _("Export customer lists"),
            },
        )
        mergers.register_derived(Quality)
        presets.register(_standard())
        group = _("Customers and cars")
        slots.add_nav(
            slots.NavItem(group, _("Customers"), "users-round", "customers:customers", Verb.VIEW, 10, keys="c"),
            slots.NavItem(group, _("Data quality"), "gauge", "customers:quality", Verb.VIEW, 18),
            slots.NavItem(group, _("Information standard"), "list-checks", "customers:standard", Verb.VIEW, 19),
        )
        slots.add_panel(slots.Panel("customer.page", "customers:happened", Verb.VIEW, _("What happened"), 90))
        slots.add_finder(slots.Finder("customers", _("Customers"), Verb.VIEW, panels.find, 10))
        slots.add_timeline(panels.moments)


def _standard() -> "Loader":
    """Return how a preset brings the standard of customer information."""
    from guanxi.customers import presets
    from guanxi.customers.permissions import Verb
    from guanxi.customers.services import standards
    from guanxi.foundation import clock
    from guanxi.foundation.presets import Loader

    return Loader(
        key=presets.KEY,
        label=_("Standard of customer information"),
        verb=Verb.PUBLISH_STANDARD,
        schema=presets.CustomersPreset,
        compare=lambda data: standards.compare(rules=data.rules(), source=data.preset),
        apply=lambda *, actor, data, source: standards.follow_preset(
            actor=actor, rules=data.rules(source), valid_from=data.valid_from, source=data.preset, at=clock.now()
        ),
        order=40,
    )
