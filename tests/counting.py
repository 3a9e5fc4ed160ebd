"""How many queries something costs."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act) -> int:
    """Return the number of queries that calling ``act`` costs once it is warm."""
    act()
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)
