"""What the pages say of the effect of contact rules: verdicts in words, and how each figure is made."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.foundation.errors import Text
from guanxi.insight.models import EffectTerms
from guanxi.insight.policy.effects import Compared
from guanxi.insight.queries.effects import Asked, Found
from guanxi.insight.states import Verdict

TONES = {
    Verdict.MORE: "green", Verdict.FEWER: "red", Verdict.UNCLEAR: "", Verdict.TOO_FEW: "amber", Verdict.OPEN: "blue",
    Verdict.NO_CONTROL: "",
}  # fmt: skip


def made_of(compared: Compared) -> Text:
    """Say what a difference is made of."""
    sums = compared.sums
    values = {
        "did": sums.contact_did, "known": sums.contact, "did0": sums.control_did, "known0": sums.control,
        "like": sums.like_contact, "like0": sums.like_control,
    }  # fmt: skip
    if not sums.control:
        return _("%(did)s of %(known)s customers to be contacted.") % values
    plain = _("%(did)s of %(known)s to be contacted, %(did0)s of %(known0)s left out.") % values
    if compared.difference is None:
        return plain
    weighed = _("Compared within each place and month: %(like)s with %(like0)s customers.") % values
    return f"{plain} {weighed}"


def verdict_explained(compared: Compared, terms: EffectTerms) -> Text:
    """Say what a verdict means and does not mean."""
    texts = {
        Verdict.MORE: _("The whole interval lies above nought: chance alone seldom makes such a difference."),
        Verdict.FEWER: _("The whole interval lies below nought: chance alone seldom makes such a difference."),
        Verdict.UNCLEAR: _("The interval holds nought: the rule may do nothing, or too little for so few customers."),
        Verdict.TOO_FEW: _("Fewer than %(fewest)s customers in one of the arms whose days are over."),
        Verdict.OPEN: _("The days in which they may still come are not over."),
        Verdict.NO_CONTROL: _("Nobody is left out at random: whether they come because of the rule cannot be said."),
    }
    return texts[compared.verdict] % {"fewest": terms.fewest}


def period(asked: Asked) -> Text:
    """Say of which months figures are."""
    values = {"first": asked.first and f"{asked.first:%Y-%m}", "last": asked.last and f"{asked.last:%Y-%m}"}
    if asked.first is None:
        return _("Windows that opened until %(last)s, from the beginning") % values
    return _("Windows that opened from %(first)s to %(last)s") % values


def figures(terms: EffectTerms, period: Text) -> list[tuple[Text, Text]]:
    """Say of which months the figures of the list are, and how each is made."""
    values = {"came": terms.came_days, "fewest": terms.fewest}
    every = (
        (_("Period"), period),
        (_("Contacted"), _("Customers for whom a task was written, or who were named in the task of another rule.")),
        (
            _("Reached"),
            _("Of those: the task was done and not given up, or one of the attempts at it reached the customer."),
        ),
        (
            _("Came"),
            _("A valid visit within %(came)s days after the window opened; of an outlet's rule, at the outlet."),
        ),
        (
            _("Came without"),
            _("The same of the customers left out at random. Both arms count from the day the window opened."),
        ),
        (
            _("Difference"),
            _("In points, compared within each version, place and month; the interval holds in 95 of 100 cases."),
        ),
        (_("Extra visits"), _("The difference times the customers to be contacted where somebody was left out too.")),
        (_("Still open"), _("Customers of either arm whose %(came)s days are not over; they count for nothing yet.")),
    )
    return [(label, text % values) for label, text in every]


@dataclass(frozen=True)
class Line:
    """One outcome of a rule, visits or sales, as the page says it."""

    label: Text
    more: Text
    compared: Compared
    tone: str
    made_of: Text
    meaning: Text


def lines(found: Found, terms: EffectTerms) -> list[Line]:
    """Return what is said of visits and of sales."""
    came = _("Came within %(days)s days") % {"days": terms.came_days}
    bought = _("Bought within %(days)s days") % {"days": terms.bought_days}
    return [line(came, _("Extra visits"), found.came, terms), line(bought, _("Extra sales"), found.bought, terms)]


def line(label: Text, more: Text, compared: Compared, terms: EffectTerms) -> Line:
    """Return what is said of one outcome."""
    tone = TONES[compared.verdict]
    return Line(label, more, compared, tone, made_of(compared), verdict_explained(compared, terms))
