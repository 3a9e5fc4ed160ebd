from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "guanxi.insight"
    label = "insight"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from guanxi.care.permissions import Verb as Care
        from guanxi.foundation import presets, slots, verbs
        from guanxi.insight import privacy
        from guanxi.insight.permissions import Verb
        from guanxi.insight.presets import effects
        from guanxi.worklist.permissions import Verb as Worklist

        privacy.register()
        presets.register(effects.LOADER)
        verbs.declare(
            _("Analysis"),
            {
                Verb.EXPORT: _("Export figures of analysis"),
                Verb.VIEW_CHECKED: _("Check follow-ups with customers"),
                Verb.APPLY_TERMS: _("Apply presets to the limits of analysis"),
            },
        )
        verbs.name_acts({"insight.pass_night": _("Work out states and due dates")})
        work = _("Worklist")
        slots.add_nav(
            slots.NavItem(work, _("Outlets by follow-up"), "trophy", "insight:followups", Worklist.VIEW_TEAM, 4),
            slots.NavItem(work, _("Follow-ups checked"), "shield-check", "insight:checked", Verb.VIEW_CHECKED, 4),
            slots.NavItem(work, _("Scores from call-backs"), "star", "insight:scores", Worklist.VIEW_TEAM, 4),
            slots.NavItem(work, _("Effect of rules"), "scale", "insight:effects", Care.VIEW_RULES, 7),
        )
        slots.add_panel(slots.Panel("rule.page", "insight:rule-panel", Care.VIEW_RULES, _("Effect"), 10))
