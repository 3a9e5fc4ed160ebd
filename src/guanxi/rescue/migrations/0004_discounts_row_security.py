"""Discounts are everybody's who signed in, as tariffs are."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("rescue", "0003_discounts_and_car_calls"), ("foundation", "0001_scope")]
    operations = [rls.protect("rescue_discount", read=rls.SIGNED_IN, write=rls.EVERYTHING)]
