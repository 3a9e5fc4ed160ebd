"""That somebody is left alone is seen by those who see him; it is written for the whole network."""

from django.db import migrations

from guanxi.foundation import rls

OF_CUSTOMER = rls.met("customers_relation r", "r.customer_id = privacy_hold.customer_id AND r.ended_on IS NULL")


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_holds")]
    operations = [rls.protect("privacy_hold", read=OF_CUSTOMER, write=OF_CUSTOMER)]
