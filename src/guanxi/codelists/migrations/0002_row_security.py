"""Central codes are read by everyone who is signed in, an outlet's own by those at it, above and below it.

Central codes are changed by those with the whole network in scope; an extension by those whose scope holds its
place. Wordings follow their code.
"""

from django.db import migrations

from guanxi.foundation import rls

READ = f"((node_id IS NULL AND {rls.SIGNED_IN}) OR (node_id IS NOT NULL AND {rls.within_or_above('node_id')}))"
WRITE = rls.within("node_id")
OF_CODE = "EXISTS (SELECT 1 FROM codelists_code c WHERE c.id = code_id{more})"


class Migration(migrations.Migration):
    dependencies = [("codelists", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("codelists_codelist", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("codelists_code", read=READ, write=WRITE),
        rls.protect(
            "codelists_codewording",
            read=OF_CODE.format(more=""),
            write=OF_CODE.format(more=f" AND {rls.within('c.node_id')}"),
        ),
    ]
