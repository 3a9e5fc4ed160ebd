"""Habits of spending; who adds customers in bulk says nothing of them, so the database itself says: none."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_family")]
    operations = [
        migrations.AddField(
            "customer",
            "habits",
            ArrayField(models.CharField(max_length=40), blank=True, default=list, verbose_name="Spending habits"),
        ),
        migrations.RunSQL(
            "ALTER TABLE customers_customer ALTER COLUMN habits SET DEFAULT '{}'",
            "ALTER TABLE customers_customer ALTER COLUMN habits DROP DEFAULT",
        ),
    ]
