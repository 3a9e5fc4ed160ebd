"""By what the group of a campaign is divided: each dimension with its SQL over a customer, its groups in words, and how
its figures are made. Bands of amounts are code lists, and so is what cars are used for and what they come for.

In the SQL stands ``p`` for a customer of the group (``characteristics.PEOPLE``).
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.states import Bought
from guanxi.care.states.owners import State
from guanxi.care.states.tiers import Tier
from guanxi.codelists import queries as codelists
from guanxi.contact_centre.states import Intention
from guanxi.customers.states import Category, Kind
from guanxi.foundation.errors import Text
from guanxi.workshop import queries as workshop

USES, PRICES, SPENDING = "vehicle_uses", "purchase_amounts", "service_amounts"
YEARS, MOST_CARS, MOST_VISITS = 10, 6, 7
UNKNOWN = _("Not known")


@dataclass(frozen=True)
class Dimension:
    """One dimension. ``labels`` are its groups in order, ``rest`` is what all others are called. ``is_whole``: each
    customer is in one group, so that the groups add up to all; else in as many as fit. Without ``sql`` it is counted by
    a part of its own.
    """

    key: str
    title: Text
    made_of: Text
    labels: Mapping[str, Text]
    sql: str = ""
    rest: Text = UNKNOWN
    is_whole: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)


def all_of(day: datetime.date) -> list[Dimension]:
    """Return the dimensions in the order of reading; four queries."""
    return [*_classes(), *_purchases(day), *_services(day)]


def _words(choices: Sequence[tuple[Any, Any]]) -> dict[str, Text]:
    return {str(code): label for code, label in choices}


def _classes() -> list[Dimension]:
    return [
        Dimension(
            "class", _("Class"), _("What the customer is to the outlet whose customer he is."),
            _words(Category.choices), "p.category", _("No longer a customer there"),
        ),
        Dimension("kind", _("Kind of customer"), _("As his record says."), _words(Kind.choices), "p.kind"),
        Dimension(
            "state", _("Grade"), _("What the owner is to his outlet by his valid visits, as the last night found it."),
            _words(State.choices), "p.state", _("Not an owner there"),
        ),
        Dimension(
            "tier", _("Value tier"), _("By what he paid in the workshop of his outlet within twelve months."),
            _words(Tier.choices), "p.tier", _("Not an owner there"),
        ),
        Dimension(
            "intention", _("Intention to buy"),
            _("Who said within a year that he wants to buy, and how; somebody may have said several."),
            _words(Intention.choices), rest=_("Did not say how"), is_whole=False,
        ),
    ]  # fmt: skip


def _purchases(day: datetime.date) -> list[Dimension]:
    uses: dict[str, Text] = {code: label.name for code, label, _more in codelists.held(USES, day)}
    first = day.year - YEARS
    years: dict[str, Text] = {str(year): str(year) for year in range(day.year, first, -1)}
    none = _("No purchase known")
    return [
        Dimension(
            "type", _("Purchase type"),
            _("His last purchase: the first one that is known, one more while he kept an earlier car, or instead of "
              "earlier cars that he gave away until ninety days after it."),
            _words(Bought.choices), "p.bought_as", none,
        ),
        Dimension(
            "use", _("Use of the car"), _("What the car of his last purchase is used for."), uses,
            "coalesce(p.use, '')",
        ),
        Dimension(
            "quantity", _("Number of cars bought"), _("All his purchases that are known."),
            _numbers(MOST_CARS, 1), f"CASE WHEN p.many IS NULL THEN '' ELSE least(p.many, {MOST_CARS})::text END", none,
        ),
        Dimension(
            "year", _("Year of the purchase"), _("The year of his last purchase."),
            years | {str(first): _("%(year)s or earlier") % {"year": first}},
            f"CASE WHEN p.sold_on IS NULL THEN '' ELSE greatest(extract(year FROM p.sold_on)::int, {first})::text END",
            none,
        ),
        _banded(
            "amount", (_("Amount of the purchase"), _("The price of his last purchase, in yuan.")),
            (PRICES, day), "p.price", rest=UNKNOWN,
        ),
    ]  # fmt: skip


def _services(day: datetime.date) -> list[Dimension]:
    return [
        Dimension(
            "visits", _("Visits in a year"), _("His valid visits to the workshop within 365 days until today."),
            _numbers(MOST_VISITS, 0), f"least(p.visits, {MOST_VISITS})::text",
        ),
        Dimension(
            "reason", _("Reason of the visits"),
            _("Who came for it within 365 days, by valid visits; somebody may have come for several."),
            workshop.category_names(day), is_whole=False,
        ),
        _banded(
            "spend", (_("Spent in the workshop in a year"), _("All that he paid there within 365 days, in yuan.")),
            (SPENDING, day), "p.spent",
        ),
    ]  # fmt: skip


def _numbers(most: int, first: int) -> dict[str, Text]:
    """Return numbers as groups, the last with all that are higher."""
    found: dict[str, Text] = {str(number): str(number) for number in range(first, most)}
    return found | {str(most): _("%(low)s or more") % {"low": most}}


def _banded(
    key: str, words: tuple[Text, Text], bands: tuple[str, datetime.date], amount: str, rest: Text = UNKNOWN
) -> Dimension:  # fmt: skip
    """Return a dimension whose groups are the bands of a code list: each goes from its ``from`` to the next one."""
    held = sorted((int(more["from"]), code, label) for code, label, more in codelists.held(*bands) if "from" in more)
    sql = (
        f"CASE WHEN {amount} IS NULL THEN '' ELSE coalesce((%({key}_codes)s::text[])"
        f"[width_bucket({amount}::numeric, %({key}_from)s::numeric[])], '') END"
    )
    values = {f"{key}_codes": [code for _low, code, _label in held], f"{key}_from": [low for low, *_more in held]}
    return Dimension(key, *words, {code: label.name for _low, code, label in held}, sql, rest, values=values)
