"""Who may see a crisis of a place while its room is open, by name: also those above it, whom an outlet does not see among
its own people. Whoever asks must have the place in sight.
"""

from django.db import migrations

READERS = """
CREATE FUNCTION crisis_readers(place int, day date) RETURNS TABLE (id bigint, name text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT u.id, u.name::text
  FROM access_membership m
  JOIN access_role r ON r.code = m.role_id AND r.is_current AND 'crisis.view' = ANY (r.verbs)
  JOIN access_user u ON u.id = m.user_id AND u.is_active AND u.kind = 'PERSON'
  WHERE m.valid_from <= day AND (m.valid_to IS NULL OR m.valid_to > day)
    AND (guanxi_everything() OR place = ANY (guanxi_nodes()))
    AND (r.reach = 'GROUP'
      OR m.node_id IN (SELECT a.ancestor_id FROM network_ancestry a
        WHERE a.descendant_id = place AND a.during @> day)
      OR m.node_id IN (SELECT a.descendant_id FROM network_ancestry a JOIN network_node n ON n.id = a.descendant_id
        WHERE a.ancestor_id = place AND a.depth > 0 AND n.kind IN ('UNIT', 'DEPARTMENT') AND a.during @> day))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("crisis", "0009_demonstration_goes"), ("network", "0002_row_security")]
    operations = [migrations.RunSQL(READERS, "DROP FUNCTION crisis_readers(int, date)")]
