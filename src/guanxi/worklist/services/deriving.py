"""What follows for tasks from what happens elsewhere."""

from typing import Any

from django.db import connection

MERGED = """
UPDATE worklist_task SET subject_were = array_append(subject_were, subject_id), subject_id = %s
WHERE subject_type = 'customer' AND subject_id = %s
"""
UNDONE = """
UPDATE worklist_task SET subject_were = trim_array(subject_were, 1), subject_id = %s
WHERE subject_type = 'customer' AND subject_id = %s AND subject_were[cardinality(subject_were)] = %s
"""


def follow_merge(*, kept_id: int, gone_id: int, **_: Any) -> None:
    """Let tasks about a customer who was merged away be about the one who stayed; they remember."""
    with connection.cursor() as cursor:
        cursor.execute(MERGED, [kept_id, gone_id])


def follow_undone_merge(*, kept_id: int, gone_id: int, **_: Any) -> None:
    """Give tasks back to the customer whom they were about before the merge."""
    with connection.cursor() as cursor:
        cursor.execute(UNDONE, [gone_id, kept_id, gone_id])
