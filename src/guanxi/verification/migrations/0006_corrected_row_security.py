"""What an answer corrected is seen with the answer, and stays as it was written."""

from django.db import migrations

from guanxi.foundation import rls

OF_ANSWER = rls.met("verification_round q", "q.id = verification_correction.answer_id")
STAYS = """
CREATE TRIGGER verification_correction_stays BEFORE UPDATE ON verification_correction FOR EACH ROW
  EXECUTE FUNCTION verification_stays();
ALTER POLICY verification_correction_remove ON verification_correction USING ((SELECT guanxi_everything()));
"""
GOES = "DROP TRIGGER verification_correction_stays ON verification_correction;"


class Migration(migrations.Migration):
    dependencies = [("verification", "0005_corrected_values")]
    operations = [
        rls.protect("verification_correction", read=OF_ANSWER),
        migrations.RunSQL(STAYS, GOES),
    ]
