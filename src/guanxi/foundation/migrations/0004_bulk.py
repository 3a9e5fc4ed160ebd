"""What every door for large loads asks first."""

from django.db import migrations

from guanxi.foundation import bulk


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_analyse")]
    operations = [migrations.RunSQL(bulk.GUARD, "DROP FUNCTION guanxi_bulk_guard(text[])")]
