"""Owners on a care list are seen with their crisis, an alarm where it is about; the terms by everybody who signed in."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("crisis", "0003_watch")]
    operations = [
        rls.protect("crisis_affected", read=rls.met("crisis_crisis c", "c.id = crisis_affected.crisis_id")),
        rls.protect("crisis_alarm", read=rls.within("place_id")),
        rls.protect("crisis_terms", read=rls.SIGNED_IN, write=rls.EVERYTHING),
    ]
