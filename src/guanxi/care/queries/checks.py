"""Whether a rule can be carried out as it says."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Rule
from guanxi.care.policy import audience
from guanxi.care.policy.sampling import MARGINS
from guanxi.care.queries import facts
from guanxi.care.queries.matters import endings
from guanxi.care.states.owners import State
from guanxi.care.states.rules import OF_DAYS, WRITTEN, Anchor
from guanxi.care.states.weather import Weather
from guanxi.foundation.errors import Problem


def unfit(row: Rule) -> Problem | None:
    """Return the first thing wrong with a rule, and at which field; None if it can be carried out."""
    for number, condition in enumerate(audience.read(row.audience)):
        if audience.fault(condition, facts.KINDS):
            return Problem(_("This condition cannot be read."), f"value_{number}")
    wrong = (
        (len(row.audience) > audience.MOST, "", _("A rule has at most twelve conditions.")),
        (not row.timing.is_forward, "due", _("A rule is due after it opens.")),
        (row.anchor in OF_DAYS and not row.of, "of", _("Say which days.")),
        (row.anchor == Anchor.STATE and not _names(row, State.values), "of", _("Say which states of owners.")),
        (row.anchor == Anchor.WEATHER and not _names(row, Weather.values), "of", _("Say which weather.")),
        (
            row.anchor == Anchor.COMPLAINT and not set(row.of) <= {code for code, _label in endings()},
            "of",
            _("Say how complaints ended, or nothing for all."),
        ),
        (row.fallback == row.channel, "fallback", _("The other channel is the same one.")),
        (bool(row.template) and not _is_written(row), "template", _("Only a message or a letter is sent by itself.")),
        (row.margin is not None and row.margin not in MARGINS, "margin", _("A margin is from 1 to 20 points.")),
        (row.replaces and not row.is_sample, "replaces", _("Only a sample leaves out others who can stand in.")),
        (row.is_exempt and row.control > 0, "control", _("What is about safety leaves nobody out.")),
        (not _is_regular(row), "every", _("Say from which to which month, and how often.")),
    )
    return next((Problem(message, name) for is_wrong, name, message in wrong if is_wrong), None)


def _is_written(row: Rule) -> bool:
    return bool({row.channel, row.fallback} & set(WRITTEN))


def _names(row: Rule, known: Iterable[str]) -> bool:
    return bool(row.of) and set(row.of) <= set(known)


def _is_regular(row: Rule) -> bool:
    if row.anchor != Anchor.REGULAR:
        return True
    return bool(row.every and row.first_month and row.last_month and row.first_month <= row.last_month)
