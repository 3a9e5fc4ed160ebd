"""A mail that could not be kept with anybody is read by those who see everything."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("messaging", "0011_stray_mails"), ("foundation", "0001_scope")]
    operations = [rls.protect("messaging_straymail", read=rls.EVERYTHING)]
