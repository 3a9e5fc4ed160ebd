"""Whom a crisis is about: the customers of its complaints."""

from guanxi.complaints.models import Complaint
from guanxi.crisis.models import Crisis, Link


def customer_ids(row: Crisis) -> list[int]:
    """Return the customers whom a crisis is about; one query."""
    linked = Link.objects.filter(crisis=row, off_at__isnull=True).values("complaint_id")
    rows = Complaint.objects.filter(pk__in=linked, customer__isnull=False).order_by("customer_id")
    return [pk for pk in rows.values_list("customer_id", flat=True).distinct() if pk is not None]
