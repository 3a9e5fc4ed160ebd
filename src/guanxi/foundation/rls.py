"""Row-level security as migration operations (NFR-06). The policies read the scope set by ``foundation.db``."""

from django.db import migrations

# In a sub-select each is asked once a query; a list of places becomes a hash, not a walk for each row.
EVERYTHING = "(SELECT guanxi_everything())"
# Whoever signed in, and whoever acts in the name of a place.
SIGNED_IN = f"({EVERYTHING} OR guanxi_person() IS NOT NULL OR cardinality(guanxi_nodes()) > 0)"
IDENTIFY = "(SELECT guanxi_identify())"


def within(column: str) -> str:
    """Return the condition 'this node lies in the actor's scope'."""
    return f"({EVERYTHING} OR {column} IN (SELECT unnest(guanxi_nodes())))"


def within_or_above(column: str) -> str:
    """Return the condition 'in scope, or on the way up from it'."""
    return f"({within(column)} OR {column} IN (SELECT unnest(guanxi_above())))"


def exists(table: str, condition: str) -> str:
    """Return the condition 'there is such a row'; ``table`` is under its own policies too."""
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608 -- fixed text of a migration


def met(table: str, condition: str) -> str:
    """Return the condition 'all is seen, or there is such a row'; ``table`` is under its own policies too.

    A sub-select with a limit and not EXISTS: PostgreSQL may answer EXISTS by reading all of ``table`` into a hash,
    which for twenty-five rows out of millions costs seconds; this it can only look up, row by row.
    """
    return f"({EVERYTHING} OR (SELECT true FROM {table} WHERE {condition} LIMIT 1))"  # noqa: S608 -- fixed text of a migration


def own(column: str) -> str:
    """Return the condition 'this row belongs to the person who acts'."""
    return f"({EVERYTHING} OR {column} = (SELECT guanxi_person()))"


def narrow(table: str, name: str, unless: str, *, command: str = "ALL") -> migrations.RunSQL:
    """Let rows of ``table`` be seen and changed only where also this holds, whatever its other policies allow; in a
    migration of the capability that knows why, which may stand above the one whose table it is.
    """
    forward = f"CREATE POLICY {name} ON {table} AS RESTRICTIVE FOR {command} USING ({unless});"
    return migrations.RunSQL(forward, f"DROP POLICY {name} ON {table};")


def protect(table: str, *, read: str, write: str | None = None) -> migrations.RunSQL:
    """Enable row security on ``table``: rows are read under ``read`` and changed under ``write``."""
    change = write or read
    forward = f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read});
CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({change});
CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({change}) WITH CHECK ({change});
CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({change});
"""
    backward = f"""
DROP POLICY {table}_read ON {table}; DROP POLICY {table}_add ON {table};
DROP POLICY {table}_change ON {table}; DROP POLICY {table}_remove ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    return migrations.RunSQL(forward, backward)
