"""Cursor paging for the API: stable under inserts, no count, no offset."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from guanxi.foundation.errors import Invalid

M = TypeVar("M", bound=Model)
MOST = 200


@dataclass(frozen=True)
class Slice(Generic[M]):
    """A run of rows and the cursor that continues it (None: this was the last)."""

    rows: list[M]
    next: str | None


def encode(pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([pk]).encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """Return the key in a cursor.

    :raises Invalid: it is none of ours.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value: Any = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if isinstance(value, list) and len(value) == 1 and type(value[0]) is int and abs(value[0]) < 2**63:
            return value[0]
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        pass
    raise Invalid(_("This cursor is not valid."), field="cursor")


def take(rows: QuerySet[M], cursor: str | None, limit: int) -> Slice[M]:
    """Return up to ``limit`` rows after ``cursor`` in order of their key."""
    limit = max(1, min(limit, MOST))
    rows = rows.order_by("pk")
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Slice(found, encode(found[-1].pk) if more else None)
