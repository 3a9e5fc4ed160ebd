"""Whether a customer can and may be reached, as SQL: a channel with something to reach him by, and consent.

``channel`` names the parameter that holds the channel; ``m`` is the case with its customer and the place that would
contact him. The consent is that of ``privacy.policy.deciding``: a test holds both together.
"""

# What reaches a customer by a channel; a letter and a visit go to an address.
POINTS = {
    "PHONE": ["MOBILE", "LANDLINE"], "SMS": ["MOBILE"], "WECHAT": ["WECHAT", "MOBILE"], "EMAIL": ["EMAIL"],
    "LETTER": [], "VISIT": [],
}  # fmt: skip
MEDIUM = {"VISIT": "PHONE"}  # whoever may call may come by

CONSENT = """
coalesce((
  SELECT CASE
    WHEN max(l.at) FILTER (WHERE l.is_own)
      >= coalesce(max(l.at) FILTER (WHERE NOT l.is_own AND l.standing <> 'GIVEN'), '-infinity')
    THEN bool_or(l.is_own AND l.standing = 'GIVEN')
    WHEN bool_or(NOT l.is_own AND l.standing <> 'GIVEN') THEN false
    ELSE bool_or(NOT l.is_own) END
  FROM (
    SELECT DISTINCT ON (k.recipient_id) k.standing, coalesce(k.withdrawn_at, k.given_at) AS at,
      k.recipient_id = m.place_id AS is_own
    FROM privacy_consent k
    WHERE k.customer_id = m.customer_id AND k.purpose = %(purpose)s AND k.medium = %({channel}_medium)s
      AND k.recipient_id IN (
        SELECT a.ancestor_id FROM network_ancestry a WHERE a.descendant_id = m.place_id AND a.during @> %(today)s::date
        UNION ALL SELECT m.place_id)
    ORDER BY k.recipient_id, coalesce(k.withdrawn_at, k.given_at) DESC, k.id DESC) l), false)
"""
STATUS = """
CASE
  WHEN %({channel})s = '' THEN 'NONE'
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
    return STATUS.replace("{consent}", CONSENT).replace("{channel}", channel)


FIRST, SECOND = status("channel"), status("fallback")


def parameters(channel: str, fallback: str) -> dict[str, object]:
    """Return what the two channels of a rule need."""
    values: dict[str, object] = {}
    for name, value in (("channel", channel), ("fallback", fallback)):
        values |= {
            name: value, f"{name}_medium": MEDIUM.get(value, value), f"{name}_points": POINTS.get(value, []),
        }  # fmt: skip
    return values
