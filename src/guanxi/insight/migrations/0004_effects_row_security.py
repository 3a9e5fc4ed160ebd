"""What followed of a rule is seen where it is carried out, as its decisions are."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("insight", "0003_effects"), ("foundation", "0001_scope")]
    operations = [rls.protect("insight_effect", read=rls.within("place_id"))]
