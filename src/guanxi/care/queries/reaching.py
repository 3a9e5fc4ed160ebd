"""Whether a customer can and may be reached, as SQL: a channel with something to reach him by, and consent.

``channel`` names the parameter that holds the channel; ``m`` is the case with its customer and the place that would
contact him. The consent is that of ``privacy.policy.deciding``: a test holds both together.
"""

from guanxi.privacy import queries as privacy
from guanxi.privacy import states

POINTS = {
    **{medium.value: points for medium, points in states.POINTS.items()},
    "VISIT": [],
}  # somebody is visited at home
MEDIUM = {"VISIT": "PHONE"}  # whoever may call may come by
AGREED = privacy.agreed(
    customer="m.customer_id", place="m.place_id", purpose="%(purpose)s", medium="%({channel}_medium)s", day="%(today)s"
)
CONSENT = f"coalesce({AGREED}, false)"
HELD = privacy.held(customer="m.customer_id", purpose="%(purpose)s::text")
STATUS = """
CASE
  WHEN %({channel})s = '' THEN 'NONE'
  WHEN NOT %(is_exempt)s AND {held} THEN 'HELD'
  WHEN EXISTS (
    SELECT 1 FROM customers_contactpoint q WHERE q.customer_id = m.customer_id
      AND q.channel = ANY(%({channel}_points)s::text[]) AND q.state = 'DO_NOT_CONTACT') THEN 'DO_NOT_CONTACT'
  WHEN NOT CASE WHEN cardinality(%({channel}_points)s::text[]) = 0 THEN EXISTS (
      SELECT 1 FROM customers_address a WHERE a.customer_id = m.customer_id AND a.line <> '')
    ELSE EXISTS (
      SELECT 1 FROM customers_contactpoint q WHERE q.customer_id = m.customer_id
        AND q.channel = ANY(%({channel}_points)s::text[]) AND q.state = 'VALID') END THEN 'NO_NUMBER'
  WHEN NOT (%(is_exempt)s OR {consent}) THEN 'NO_CONSENT'
  ELSE '' END
"""
# A car that is gone, or whose customer no longer has to do with it, is nobody's reason to call.
GONE = """
(m.vehicle_id IS NOT NULL AND (v.condition <> 'IN_USE' OR NOT EXISTS (
  SELECT 1 FROM vehicles_participant x WHERE x.vehicle_id = m.vehicle_id AND x.customer_id = m.customer_id
    AND x.until IS NULL)))
"""


def status(channel: str) -> str:
    """Return the SQL of what stands in the way of one channel; nothing if nothing does, NONE if there is none."""
    return STATUS.replace("{consent}", CONSENT).replace("{held}", HELD).replace("{channel}", channel)


FIRST, SECOND = status("channel"), status("fallback")


def parameters(channel: str, fallback: str) -> dict[str, object]:
    """Return what the two channels of a rule need."""
    values: dict[str, object] = {}
    for name, value in (("channel", channel), ("fallback", fallback)):
        values |= {
            name: value, f"{name}_medium": MEDIUM.get(value, value), f"{name}_points": POINTS.get(value, []),
        }  # fmt: skip
    return values
