"""The table of Django's database cache: counters of the rate limits, shared by all processes."""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE foundation_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX foundation_cache_expires ON foundation_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_scope")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE foundation_cache")]
