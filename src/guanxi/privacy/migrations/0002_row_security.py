"""A line of consent is seen by those who see the customer, if it is theirs or one of a place above them."""

from django.db import migrations

from guanxi.foundation import rls

OF_CUSTOMER = rls.met("customers_relation r", "r.customer_id = privacy_consent.customer_id AND r.ended_on IS NULL")


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("customers", "0002_row_security")]
    operations = [
        rls.protect("privacy_consent", read=f"{OF_CUSTOMER} AND {rls.within_or_above('recipient_id')}"),
    ]
