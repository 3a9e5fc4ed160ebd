"""Whether a campaign can be carried out as it says."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.care.queries import audiences
from guanxi.foundation.errors import Problem, Text
from guanxi.messaging.models import Template
from guanxi.messaging.queries import templates

WAVES = {
    "none": _("Say on which day it goes out."), "many": _("At most six waves."),
    "order": _("The days of the waves follow one another."), "past": _("The day of a wave lies in the past."),
    "share": _("The shares of the waves make a hundred percent."),
}  # fmt: skip
TEXTS = {
    "many": _("At most four texts."), "share": _("The further texts leave a share to the first."),
    "same": _("Each text has a template of its own."),
}  # fmt: skip
CODE = "offer_code"


def unfit(row: Campaign, waves: Sequence[policy.Wave], today: datetime.date) -> Problem | None:
    """Return the first thing wrong with a campaign, and at which field; None if it can be carried out."""
    broken = audiences.faulty(row.audience)
    if broken is not None:
        return Problem(_("This condition cannot be read."), f"value_{broken}")
    wave = policy.fault_of_waves(waves, today)
    most = policy.affordable(row.budget, row.fixed_cost, row.unit_cost)
    wrong = (
        (not row.aim.strip(), "aim", _("Say what it is for.")),
        (len(row.audience) > audiences.MOST, "", _("A campaign has at most twelve conditions.")),
        (wave != "", "wave_on_0", WAVES.get(wave, "")),
        (not row.is_written and not row.words.strip(), "words", _("Say what is to be said.")),
        (not row.is_written and not row.role_id, "role", _("Say whose the tasks are.")),
        (not 0 <= row.every_months <= policy.MOST_MONTHS, "every_months", _("At most every two years.")),
        (most is not None and most < 1, "budget", _("The money pays for nobody.")),
    )
    found = next((Problem(message, name) for is_wrong, name, message in wrong if is_wrong), None)
    return found or _unfit_code(row, waves) or _unfit_texts(row) or _unfit_templates(row, today)


def _unfit_code(row: Campaign, waves: Sequence[policy.Wave]) -> Problem | None:
    if row.has_own_codes and row.offer_code:
        return Problem(_("Either one code for all, or one for each customer."), "offer_code")
    if row.offer_until is None:
        return None
    if not row.has_own_codes and not row.offer_code:
        return Problem(_("There is no code that could end."), "offer_until")
    if waves and row.offer_until < waves[-1].on:
        return Problem(_("The codes end before the last wave goes out."), "offer_until")
    return None


def _unfit_texts(row: Campaign) -> Problem | None:
    if not row.variants:
        return None
    if not row.is_written:
        return Problem(_("Only messages have several texts."), "text_template_0")
    wrong = policy.fault_of_texts(row.template, [(item["template"], item["share"]) for item in row.variants])
    return Problem(TEXTS[wrong], "text_share_0" if wrong == "share" else "text_template_0") if wrong else None


def _unfit_templates(row: Campaign, today: datetime.date) -> Problem | None:
    """Return what is wrong with the templates of its texts; one query."""
    if not row.is_written:
        return None
    held = {
        item.code: item for item in templates.in_force(today).filter(code__in=[text.template for text in row.texts])
    }
    for number, text in enumerate(row.texts):
        wrong = _unfit_template(row, held.get(text.template))
        if wrong:
            return Problem(wrong, f"text_template_{number - 1}" if number else "template")
    return None


def _unfit_template(row: Campaign, template: Template | None) -> Text:
    if template is None:
        return _("No approved version of this template is in force.")
    if (template.channel, template.purpose) != (row.channel, row.purpose):
        return _("The template is for another channel or purpose.")
    names = templates.names(template, CODE)
    if names and not row.has_own_codes and not row.offer_code:
        return _("The template names an offer code, and the campaign has none.")
    if row.has_own_codes and not names:
        return _("The template does not name {offer_code}: nobody would learn his code.")
    return ""
