"""Kinds of lectures are read by all who signed in; proposals, their lists and the counters at their outlet and above."""

from django.db import migrations

from guanxi.foundation import rls

LISTED = rls.met("care_proposal q", "q.id = care_member.proposal_id")


class Migration(migrations.Migration):
    dependencies = [("care", "0007_gatherings"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("care_gathering", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("care_proposal", read=rls.within("outlet_id")),
        rls.protect("care_member", read=LISTED),
        rls.protect("care_tally", read=rls.within("outlet_id")),
    ]
