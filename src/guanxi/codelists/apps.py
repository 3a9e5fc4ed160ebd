from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CodeListsConfig(AppConfig):
    name = "guanxi.codelists"
    label = "codelists"

    def ready(self) -> None:
        from guanxi.codelists import privacy, queries
        from guanxi.codelists.permissions import Verb
        from guanxi.codelists.presets import loading, schema
        from guanxi.foundation import presets, slots, verbs

        privacy.register()
        verbs.declare(
            _("Code lists"),
            {
                Verb.VIEW: _("See code lists"),
                Verb.CHANGE: _("Change central code lists"),
                Verb.EXTEND: _("Extend code lists at the own place"),
                Verb.APPLY_PRESET: _("Apply presets to code lists"),
                Verb.EXPORT: _("Export code lists"),
            },
        )
        verbs.name_acts({
            "codelists.add_code": _("Add a code"), "codelists.extend_list": _("Extend a list"),
            "codelists.rename_code": _("Rename a code"), "codelists.move_code": _("Move a code"),
            "codelists.retire_code": _("Retire a code"), "codelists.reinstate_code": _("Take a code up again"),
        })  # fmt: skip
        presets.register(
            presets.Loader(
                key="codelists",
                label=_("Code lists"),
                verb=Verb.APPLY_PRESET,
                schema=schema.CodeListsPreset,
                compare=loading.compare,
                apply=loading.apply,
                order=10,
            )
        )
        slots.provide("provinces", queries.provinces)
        slots.add_nav(slots.NavItem(_("Settings"), _("Code lists"), "list-tree", "codelists:lists", Verb.VIEW, 70))
