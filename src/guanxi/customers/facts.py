"""What analysis may rely on: who belongs to which outlet, and which records are merged into others."""

from guanxi.foundation.facts import Fact, plain

RELATIONS = Fact(
    "relations",
    "customers_relation t",
    plain(id="BIGINT", customer_id="BIGINT", outlet_id="INTEGER", since="DATE", ended_on="DATE"),
    customer="t.customer_id",
)
TOMBSTONES = Fact(
    "tombstones", "customers_customer t", plain(id="BIGINT"), where="t.merged_into_id IS NOT NULL", customer="t.id",
    small=True,
)  # fmt: skip
FACTS = (RELATIONS, TOMBSTONES)
