"""What an owner is to an outlet is seen there and above; what he is to the network, by those who see everything.

A car's state is seen where the car is seen.
"""

from django.db import migrations

from guanxi.foundation import rls

CAR = rls.met("vehicles_participant p", "p.vehicle_id = care_carstate.vehicle_id AND p.until IS NULL")


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("foundation", "0001_scope"), ("vehicles", "0002_row_security")]
    operations = [
        rls.protect("care_ownerstate", read=rls.within("outlet_id")),
        rls.protect("care_statechange", read=rls.within("outlet_id")),
        rls.protect("care_statecount", read=rls.within("outlet_id")),
        rls.protect("care_carstate", read=CAR),
    ]
