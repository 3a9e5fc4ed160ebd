"""What was noted and said in a crisis of the demonstration goes with its customers: by the system alone, in a transaction
that says that it forgets them. In every other it stays, as before.
"""

from django.db import migrations

BODY = """
CREATE OR REPLACE FUNCTION crisis_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {forgets}
  RAISE EXCEPTION 'what was noted and said in a crisis stays as it is' USING ERRCODE = 'check_violation';
END $$;
"""
FORGETS = """
  IF TG_OP = 'DELETE' AND guanxi_everything() AND guanxi_person() IS NULL
      AND coalesce(current_setting('guanxi.forgets', true), '') = 'on' THEN
    RETURN OLD;
  END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("crisis", "0008_closed_rooms_row_security")]
    operations = [migrations.RunSQL(BODY.format(forgets=FORGETS), BODY.format(forgets=""))]
