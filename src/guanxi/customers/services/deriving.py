"""What is derived from records and brought up to date with every change: search words and quality."""

import datetime
from collections.abc import Sequence

from django.db import connection


def refresh(ids: Sequence[int], at: datetime.datetime) -> None:
    """Derive the search words and the quality of some records anew, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_retoken(%s), customers_grade(%s, %s)", [list(ids), list(ids), at])


def grade(ids: Sequence[int], at: datetime.datetime) -> None:
    """Derive the quality of some records anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_grade(%s, %s)", [list(ids), at])
