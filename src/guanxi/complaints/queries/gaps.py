"""What closed complaints were about for which no article was of use: gaps in knowledge, mined from cases (KM-02)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from guanxi.complaints.models import Category, Cause, Complaint, Round
from guanxi.complaints.queries.cases import SUBJECT
from guanxi.complaints.states import State
from guanxi.knowledge.queries import articles as knowledge

MOST = 100


@dataclass(frozen=True)
class Gap:
    """Closed complaints of a category and a cause: how many, for how many no article was of use, the newest."""

    category: Category | None
    cause: Cause | None
    closed: int
    without: int
    newest_id: int | None

    @property
    def words(self) -> str:
        """In which words a question or an article begins."""
        return ": ".join(item.name for item in (self.category, self.cause) if item is not None)


def gaps(rows: QuerySet[Complaint]) -> list[Gap]:
    """Return the gaps among some complaints by category and cause of the last round, the most frequent first; three
    queries.
    """
    last = Round.objects.filter(complaint=OuterRef("pk"), number=OuterRef("rounds")).values("cause_id")[:1]
    used = knowledge.solved(SUBJECT).filter(subject_id=OuterRef("pk"))
    marked = rows.filter(state=State.CLOSED).annotate(cause=Subquery(last), was_known=Exists(used))
    counted = marked.values("category_id", "cause").annotate(
        closed=Count("pk"), without=Count("pk", filter=Q(was_known=False)),
        newest=Max("pk", filter=Q(was_known=False)),
    )  # fmt: skip
    found = counted.filter(without__gt=0).order_by("-without", "category_id", "cause")[:MOST]
    categories, causes = Category.objects.in_bulk(), Cause.objects.in_bulk()
    return [
        Gap(categories.get(row["category_id"]), causes.get(row["cause"]), row["closed"], row["without"], row["newest"])
        for row in found
    ]
