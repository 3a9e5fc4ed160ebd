"""Those who are not written to after all: consent that does not stand any more when a message would go."""

import datetime

from django.db import connection
from django.db.models import QuerySet

from guanxi.messaging.models import Message
from guanxi.privacy import queries as privacy

# Who withdrew since, said that he does not want to be contacted there, or is left alone, is not written to.
DROP = """
UPDATE messaging_message m SET state = 'SKIPPED',
  reason = CASE WHEN {held} THEN 'HELD' WHEN coalesce({agreed}, false) THEN 'DO_NOT_CONTACT' ELSE 'DECLINED' END
WHERE m.id IN ({which}) AND m.state = 'QUEUED' AND (
  {held} OR coalesce({agreed}, false) = false OR EXISTS (SELECT 1 FROM customers_contactpoint q
    WHERE q.customer_id = m.customer_id AND q.value = m.address AND q.state = 'DO_NOT_CONTACT'))
""".replace(
    "{agreed}",
    privacy.agreed(customer="m.customer_id", place="m.node_id", purpose="m.purpose", medium="m.channel", day="%s"),
).replace("{held}", privacy.held(customer="m.customer_id", purpose="m.purpose"))


def drop(waiting: QuerySet[Message], day: datetime.date) -> int:
    """Skip those of some waiting messages whose consent does not stand on a day; return how many. One statement."""
    which, values = waiting.values("pk").query.sql_with_params()
    asked = DROP.split("{which}")
    days = [[day] * part.count("%s") for part in asked]
    with connection.cursor() as cursor:
        cursor.execute(which.join(asked), [*days[0], *values, *days[1]])
        return int(cursor.rowcount)
