import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact_centre", "0004_enquiries_row_security"),
    ]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="script",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="contact_centre.script",
            ),
        ),
    ]
