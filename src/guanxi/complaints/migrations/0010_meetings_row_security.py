"""Meetings, their agenda and what they want to be asked are seen where they were held; a limit that was passed where it
was, and from where it is looked at. Minutes that are filed stay.
"""

from django.db import migrations

from guanxi.foundation import rls

OF_MEETING = rls.met("complaints_meeting m", "m.id = complaints_point.meeting_id")
STAYS = """
CREATE TRIGGER complaints_minutes_stay BEFORE UPDATE ON complaints_meeting FOR EACH ROW
  WHEN (OLD.filed_at IS NOT NULL) EXECUTE FUNCTION complaints_stays();
CREATE FUNCTION complaints_agenda_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM complaints_meeting m WHERE m.id = OLD.meeting_id AND m.filed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'minutes that are filed stay as they are' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaints_agenda_stays BEFORE UPDATE ON complaints_point FOR EACH ROW
  EXECUTE FUNCTION complaints_agenda_stays();
"""
GOES = """
DROP TRIGGER complaints_minutes_stay ON complaints_meeting;
DROP TRIGGER complaints_agenda_stays ON complaints_point;
DROP FUNCTION complaints_agenda_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_meetings_limits"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("complaints_meeting", read=rls.within("place_id")),
        rls.protect("complaints_point", read=OF_MEETING),
        rls.protect("complaints_question", read=rls.within("place_id")),
        rls.protect("complaints_limit", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect(
            "complaints_breach",
            read=f"({rls.within('outlet_id')} OR {rls.within('place_id')})",
            write=rls.within("place_id"),
        ),  # fmt: skip
        migrations.RunSQL(STAYS, GOES),
    ]
