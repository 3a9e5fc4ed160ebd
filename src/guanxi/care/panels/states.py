"""What an owner's state and a car's next maintenance mean, in words."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.care.models import CarState, OwnerState, StateChange, Terms, TierBound
from guanxi.care.states.owners import DueBy, Phase, State
from guanxi.care.states.tiers import ABOVE, HIGH, Tier
from guanxi.foundation.errors import Text

TONES: dict[str, str] = {
    State.ACTIVE: "green", State.NEW: "green", State.OBSERVE: "blue", State.SWING: "amber",
    State.SWING_TO_LOST: "amber", State.LOST: "red",
}  # fmt: skip
STATES = dict(State.choices)
SHARED = gettext_lazy(
    "Paid %(amount)s yuan or more in the workshop within twelve months. Bounded in the first night of %(month)s: what"
    " the first %(percent)s of a hundred of all %(payers)s customers who paid anything had paid at least."
)


def reason(row: OwnerState) -> str:
    """Say why an owner is what he is: how often he came in the last year, and when last."""
    last = row.last_visit.isoformat() if row.last_visit else ""
    if row.state == State.LOST:
        return _("Has not come since %(day)s") % {"day": last} if last else _("Has never come for a valid visit")
    if row.state == State.NEW:
        return _("Has a new car and has not come with it yet")
    came = ngettext("Came on %(num)d day in the last year", "Came on %(num)d days in the last year", row.visits)
    words = came % {"num": row.visits}
    return f"{words}, {_('last on %(day)s') % {'day': last}}" if last else words


def tier_tone(code: str) -> str:
    """Return the tone of a tier: those whose care is upgraded stand out."""
    return "blue" if code in HIGH else ""


def tier_reason(row: OwnerState, bounds: Mapping[str, TierBound]) -> str:
    """Say what an owner paid and what the next higher tier takes."""
    words = _("paid %(paid)s yuan in the workshop within twelve months") % {"paid": f"{row.paid:,}"}
    higher = [code for code in reversed(ABOVE) if code in bounds and bounds[code].amount > row.paid]
    if not higher:
        return words
    wanted = {"tier": Tier(higher[0]).label, "amount": f"{bounds[higher[0]].amount:,}"}
    return f"{words}; {_('%(tier)s from %(amount)s') % wanted}"


def tier_explained(code: str, bounds: Mapping[str, TierBound]) -> Text:
    """Say from what on somebody is in a tier, and what that rests on."""
    if code == Tier.NORMAL:
        return _("Paid less than any other tier takes, or nothing.")
    bound = bounds.get(code)
    if bound is None:
        return _("Nobody has paid anything yet: the tier has no bound.")
    values = {
        "amount": f"{bound.amount:,}", "percent": bound.terms.percent or 0, "payers": f"{bound.payers:,}",
        "month": f"{bound.month:%Y-%m}",
    }  # fmt: skip
    if bound.terms.percent is None:
        return _("Paid %(amount)s yuan or more in the workshop within twelve months.") % values
    return SHARED % values


def history(changes: list[StateChange]) -> list[tuple[datetime.date, str, str]]:
    """Return changes as day, words and place, newest first."""
    return [(row.on, _change(row), row.outlet.name if row.outlet else "") for row in changes]


def _change(row: StateChange) -> str:
    was, became = (str(STATES[word]) if word else _("no owner") for word in (row.was, row.became))
    return f"{was} → {became}"


def why_due(row: CarState) -> str:
    """Say what makes the next maintenance due first."""
    if row.due_by == DueBy.MILEAGE:
        return _("By mileage: at its pace the car reaches the distance before the time is over")
    return _("By time: it is over before the car reaches the distance") if row.due_by else ""


def state_explained(code: str, terms: Terms | None) -> Text:
    """Say how the number of owners in a state is made, by the limits in force."""
    if terms is None:
        return ""
    values = {
        "window": terms.window_months, "lost": terms.lost_months, "active": terms.active_visits,
        "swing": terms.swing_visits, "observe": terms.observe_months or 0, "new": terms.new_months,
    }  # fmt: skip
    texts: dict[str, str] = {
        State.ACTIVE: _("Came for a valid visit on %(active)s days or more within %(window)s months."),
        State.SWING: _("Came on at least %(swing)s days within %(window)s months, but too seldom to be active."),
        State.SWING_TO_LOST: _("Came once within %(window)s months, more than %(observe)s months ago."),
        State.OBSERVE: _("Came once, within the last %(observe)s months."),
        State.NEW: _("Has had the newest car for less than %(new)s months and has not come with it yet."),
        State.LOST: _("Has not come for %(lost)s months or longer."),
    }
    return texts[code] % values


def phase_explained(code: str, terms: Terms | None) -> Text:
    """Say how the number of cars in a phase is made, by the limits in force."""
    if terms is None:
        return ""
    values = {"new": terms.new_car_months, "days": terms.ending_days}
    texts: dict[str, str] = {
        Phase.NEW_CAR: _("Sold less than %(new)s months ago."),
        Phase.FIRST_SERVICE: _("Older than that, and the first maintenance is neither done nor past its time."),
        Phase.IN_WARRANTY: _("The warranty ends in more than %(days)s days."),
        Phase.WARRANTY_ENDING: _("The warranty ends within %(days)s days, by its day or by the mileage expected then."),
        Phase.OUT_OF_WARRANTY: _("The warranty has ended, by its day or by mileage."),
        Phase.SCRAPPED: _("Scrapped, or gone abroad: nobody is reminded of it."),
        Phase.UNKNOWN: _("Neither the sale nor the end of the warranty is known."),
    }
    return texts[code] % values


def out_of_reach_explained() -> Text:
    """Say how the number of lost owners is made who cannot be followed by their records."""
    return _(
        "No number, a dummy, none that works, or the call centre found the record wrong: a reason why they are lost."
    )


def kpi_explained(terms: Terms | None) -> Text:
    """Say how the number of the KPI is made, by the limits in force."""
    if terms is None:
        return ""
    text = _("Neither came nor got a car for %(months)s months: the KPI's own definition, beside the states (AMB-01).")
    return text % {"months": terms.kpi_lost_months}
