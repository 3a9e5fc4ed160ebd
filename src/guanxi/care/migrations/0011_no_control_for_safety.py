"""What is about safety leaves nobody out at random: rules that did no longer do."""

from django.db import migrations, models

NOBODY = "UPDATE care_rule SET control = 0 WHERE is_exempt AND control > 0"


class Migration(migrations.Migration):
    dependencies = [("care", "0010_checklists_row_security")]

    operations = [
        migrations.RunSQL(NOBODY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_exempt", False), ("control", 0), _connector="OR"),
                name="care_rule_no_control_for_safety",
            ),
        ),
    ]
