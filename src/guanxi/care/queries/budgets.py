"""The budget of contacts also counts what was written by others than care, as SQL."""

# ``k`` is the rule and ``g`` its budget. What care itself has written was decided about and counts as that decision.
WRITTEN_TO = """
EXISTS (SELECT 1 FROM messaging_message o WHERE o.customer_id = {who} AND o.purpose = k.purpose AND o.reason = ''
  AND o.state <> 'FAILED' AND o.key NOT LIKE 'care:%%'
  AND (coalesce(o.sent_at, o.not_before) AT TIME ZONE %(zone)s)::date > %(day)s::date - g.days)
"""
