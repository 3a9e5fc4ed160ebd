"""Places are seen within the scope, with the names on the way up; the ancestry is derived here."""

from django.db import migrations

from guanxi.foundation import rls

READ = f"{rls.within_or_above('id')} OR {rls.IDENTIFY}"
OF_NODE = rls.within_or_above("node_id")

ANCESTRY = """
CREATE FUNCTION network_rebuild_ancestry() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE IF NOT EXISTS network_ancestry_now
    (ancestor_id int, descendant_id int, depth smallint, during daterange) ON COMMIT DROP;
  TRUNCATE network_ancestry_now;
  INSERT INTO network_ancestry_now
  WITH RECURSIVE up (ancestor_id, descendant_id, depth, during) AS (
    SELECT parent_id, child_id, 1, during FROM network_placement
    UNION ALL
    SELECT p.parent_id, up.descendant_id, up.depth + 1, up.during * p.during
    FROM up JOIN network_placement p ON p.child_id = up.ancestor_id AND p.during && up.during
    WHERE up.depth < 16
  ), each_depth AS (
    SELECT ancestor_id, descendant_id, depth, range_agg(during) AS periods
    FROM up GROUP BY ancestor_id, descendant_id, depth
  ), nearest AS (  -- where two ways lead up on one day, the shorter one counts
    SELECT ancestor_id, descendant_id, depth, periods - coalesce(range_agg(periods) OVER (
      PARTITION BY ancestor_id, descendant_id ORDER BY depth ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), '{}'::datemultirange) AS periods FROM each_depth
  )
  SELECT ancestor_id, descendant_id, depth, unnest(periods) FROM nearest
  UNION ALL
  SELECT id, id, 0, daterange(valid_from, valid_to) FROM network_node;
  DELETE FROM network_ancestry a WHERE NOT EXISTS (
    SELECT 1 FROM network_ancestry_now n WHERE n.ancestor_id = a.ancestor_id
      AND n.descendant_id = a.descendant_id AND n.depth = a.depth AND n.during = a.during);
  INSERT INTO network_ancestry (ancestor_id, descendant_id, depth, during)
  SELECT n.* FROM network_ancestry_now n WHERE NOT EXISTS (
    SELECT 1 FROM network_ancestry a WHERE n.ancestor_id = a.ancestor_id
      AND n.descendant_id = a.descendant_id AND n.depth = a.depth AND n.during = a.during);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("network_node", read=READ, write=rls.within("id")),
        rls.protect("network_outletprofile", read=OF_NODE, write=rls.within("node_id")),
        rls.protect(
            "network_outletprofile_services",
            read=rls.within_or_above("outletprofile_id"),
            write=rls.within("outletprofile_id"),
        ),
        rls.protect("network_openinghours", read=OF_NODE, write=rls.within("node_id")),
        rls.protect("network_placement", read=rls.within_or_above("child_id"), write=rls.within("child_id")),
        rls.protect(
            "network_ancestry",
            read=f"{rls.within_or_above('descendant_id')} OR {rls.IDENTIFY}",
            write="false",
        ),
        rls.protect("network_importrun", read=rls.own("person_id")),
        migrations.RunSQL(ANCESTRY, "DROP FUNCTION network_rebuild_ancestry()"),
    ]
