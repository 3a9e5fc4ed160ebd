"""Parts of answers that wait for the others are read by those who see everything."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("messaging", "0013_answer_parts"), ("foundation", "0001_scope")]
    operations = [rls.protect("messaging_answerpart", read=rls.EVERYTHING)]
