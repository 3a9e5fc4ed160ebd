"""What is derived from cars and brought up to date with every change: the words by which people are found."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from guanxi.vehicles.models import Reading, Vehicle


def refresh(vehicle_id: int, *customer_ids: int) -> None:
    """Derive the words anew of all who take part in a car, and of some customers more, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vehicles_retoken_car(%s), vehicles_retoken(%s)", [vehicle_id, list(customer_ids)])


def odometer(row: Vehicle) -> Sequence[str]:
    """Let a car show its newest plausible reading; return the fields that the caller has to save."""
    newest = Reading.objects.filter(vehicle=row, is_plausible=True).order_by("-read_on", "-km").first()
    row.odometer_km, row.odometer_on = (newest.km, newest.read_on) if newest else (None, None)
    return ("odometer_km", "odometer_on")


def follow_merge(*, kept_id: int, gone_id: int, **_: Any) -> None:
    """Let the words of cars follow their people when two records became one, or one two again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vehicles_retoken(%s)", [[kept_id, gone_id]])
