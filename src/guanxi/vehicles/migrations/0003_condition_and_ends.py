"""Since when a car is scrapped or away; indexes of the three ends; words of all the people of one car."""

from django.db import migrations, models

# Not all who drive a car need be in the scope of who changes its plate: their words change all the same.
WORDS = """
CREATE FUNCTION vehicles_retoken_car(car bigint) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT vehicles_retoken(array_agg(customer_id)) FROM vehicles_participant
  WHERE vehicle_id = car AND until IS NULL HAVING count(*) > 0
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("vehicles", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="vehicle",
            name="condition_on",
            field=models.DateField(blank=True, null=True, verbose_name="Since"),
        ),
        migrations.AddIndex(
            model_name="vehicle",
            index=models.Index(
                condition=models.Q(("warranty_until__isnull", False)),
                fields=["warranty_until"],
                name="vehicles_warranty_until",
            ),
        ),
        migrations.AddIndex(
            model_name="vehicle",
            index=models.Index(
                condition=models.Q(("insured_until__isnull", False)),
                fields=["insured_until"],
                name="vehicles_insured_until",
            ),
        ),
        migrations.AddIndex(
            model_name="vehicle",
            index=models.Index(
                condition=models.Q(("inspected_until__isnull", False)),
                fields=["inspected_until"],
                name="vehicles_inspected_until",
            ),
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION vehicles_retoken_car(bigint)"),
    ]
