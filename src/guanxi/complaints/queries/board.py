"""The board: what is open, in a lane for each state, what is due first on top."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from guanxi.complaints.models import Complaint
from guanxi.complaints.states import OPEN, State
from guanxi.foundation.errors import Text

MOST = 20  # cards in a lane


@dataclass(frozen=True)
class Lane:
    """A state, how many stand there, and the first of them."""

    state: str
    title: Text
    count: int
    rows: Sequence[Complaint]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def lanes(rows: QuerySet[Complaint]) -> list[Lane]:
    """Return the lanes of the open ones among some complaints; one query for the counts, one for each lane."""
    found = rows.filter(state__in=OPEN)
    counts = dict(found.order_by().values_list("state").annotate(many=Count("*")))
    return [
        Lane(state, State(state).label, counts[state], list(rows.filter(state=state).order_by("due_at", "pk")[:MOST]))
        if state in counts
        else Lane(state, State(state).label, 0, ())
        for state in OPEN
    ]
