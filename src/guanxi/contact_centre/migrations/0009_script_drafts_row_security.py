"""Drafts of scripts are read by everybody who signed in and changed by those who see everything, as scripts are."""

from django.db import migrations

from guanxi.foundation import rls

SIGNED_IN = f"({rls.EVERYTHING} OR guanxi_person() IS NOT NULL OR cardinality(guanxi_nodes()) > 0)"


class Migration(migrations.Migration):
    dependencies = [("contact_centre", "0008_script_drafts"), ("foundation", "0001_scope")]
    operations = [rls.protect("contact_centre_scriptdraft", read=SIGNED_IN, write=rls.EVERYTHING)]
