"""Whether any campaign of the network gave a code: asked of the whole network, and says nothing else."""

from django.db import migrations

GAVE = """
CREATE FUNCTION campaigns_gave(given text, own text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM campaigns_member m WHERE m.code = own AND m.code <> '')
    OR EXISTS (SELECT 1 FROM campaigns_campaign c WHERE c.offer_code = given AND c.offer_code <> ''
      AND c.state IN ('RUNNING', 'ENDED'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_texts_and_codes")]
    operations = [migrations.RunSQL(GAVE, "DROP FUNCTION campaigns_gave(text, text)")]
