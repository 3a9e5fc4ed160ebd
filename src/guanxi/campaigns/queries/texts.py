"""What came of each text of a campaign that had several: what those did who drew it, and how far it is from the first.

Who drew which text was decided at random; only members of the same outlet and wave are compared with each other.
Whoever drew a text counts for it, skipped or not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Wave
from guanxi.campaigns.queries import members
from guanxi.campaigns.states import Arm
from guanxi.foundation.actor import Actor
from guanxi.foundation.values.proportions import Difference, Stratum, difference, summed, wilson
from guanxi.messaging.queries import templates

FEWEST = 30  # as in the effect of campaigns


@dataclass(frozen=True)
class Did:
    """How many of those who drew a text, and whose time for it is over, did something; the interval of their share and
    the difference from the first text, each in 95 of 100 cases. No difference: it is the first, or they are too few.
    """

    whole: int
    part: int
    difference: Difference | None = None

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def low(self) -> float | None:
        return max(0.0, wilson(self.part / self.whole, self.whole)[0]) if self.whole else None

    @property
    def high(self) -> float | None:
        return min(1.0, wilson(self.part / self.whole, self.whole)[1]) if self.whole else None


@dataclass(frozen=True)
class Drawn:
    """A text with its share as planned, how many drew it, how many it was sent to, and what they did."""

    letter: str
    template: str
    name: str
    share: int
    drawn: int
    sent: int
    responses: Did
    visits: Did
    sales: Did

    @property
    def dids(self) -> tuple[Did, Did, Did]:
        return self.responses, self.visits, self.sales


Lines = Sequence[Mapping[str, Any]]


def of(actor: Actor, row: Campaign, waves: Mapping[int, Wave]) -> list[Drawn]:
    """Return the texts of a started campaign with what came of them at the outlets that a reader may see; nothing if it
    had only one; two queries. ``waves``: those that went out, by number.
    """
    if not row.variants:
        return []
    lines = list(
        members.of_campaign(actor, row).filter(wave__in=list(waves), arm=Arm.TREATED)
        .values("outlet_id", "wave", "variant")
        .annotate(
            many=Count("pk"), sent=Count("pk", filter=Q(contacted_at__isnull=False)),
            responded=Count("pk", filter=Q(responded_at__isnull=False)),
            came=Count("pk", filter=Q(visited_on__isnull=False)), bought=Count("pk", filter=Q(bought_on__isnull=False)),
        ).order_by("outlet_id", "wave")
    )  # fmt: skip
    over = {
        "responded": [number for number, wave in waves.items() if wave.done_at is not None],
        "came": _over(row, waves, row.visit_days), "bought": _over(row, waves, row.sale_days),
    }  # fmt: skip
    names = templates.newest([text.template for text in row.texts])
    first = row.texts[0].letter
    return [
        Drawn(
            text.letter, text.template, names[text.template].name if text.template in names else "", text.share,
            _sum(lines, text.letter, "many"), _sum(lines, text.letter, "sent"),
            *(_did(lines, over[did], text.letter, first, did) for did in ("responded", "came", "bought")),
        )
        for text in row.texts
    ]  # fmt: skip


def _over(row: Campaign, waves: Mapping[int, Wave], days: int) -> list[int]:
    return [number for number, wave in waves.items() if policy.is_over(wave.on, days, row.counted_on)]


def _sum(lines: Lines, letter: str, name: str) -> int:
    return sum(line[name] for line in lines if line["variant"] == letter)


def _did(lines: Lines, waves: Sequence[int], letter: str, first: str, did: str) -> Did:
    known = [line for line in lines if line["wave"] in waves]
    whole, part = _sum(known, letter, "many"), _sum(known, letter, did)
    if letter == first:
        return Did(whole, part)
    cells: dict[tuple[int, int], dict[str, tuple[int, int]]] = defaultdict(dict)
    for line in known:
        cells[line["outlet_id"], line["wave"]][line["variant"]] = (line["many"], line[did])
    nobody = (0, 0)
    sums = summed(Stratum(*cell.get(letter, nobody), *cell.get(first, nobody)) for cell in cells.values())
    enough = min(sums.like_contact, sums.like_control) >= FEWEST
    return Did(whole, part, difference(sums) if enough else None)
