"""Whether a campaign can be carried out as it says."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.care.queries import audiences
from guanxi.foundation.errors import Problem
from guanxi.messaging.queries import templates

WAVES = {
    "none": _("Say on which day it goes out."), "many": _("At most six waves."),
    "order": _("The days of the waves follow one another."), "past": _("The day of a wave lies in the past."),
    "share": _("The shares of the waves make a hundred percent."),
}  # fmt: skip


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
        (most is not None and most < 1, "budget", _("The money pays for nobody.")),
    )
    found = next((Problem(message, name) for is_wrong, name, message in wrong if is_wrong), None)
    return found or _unfit_template(row, today)


def _unfit_template(row: Campaign, today: datetime.date) -> Problem | None:
    if not row.is_written:
        return None
    template = templates.in_force(today).filter(code=row.template).first()
    if template is None:
        return Problem(_("No approved version of this template is in force."), "template")
    if (template.channel, template.purpose) != (row.channel, row.purpose):
        return Problem(_("The template is for another channel or purpose."), "template")
    return None
