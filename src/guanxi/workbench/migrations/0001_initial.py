"""What people were told and how they like their lists, both under row-level security.

``workbench_tell`` writes a notification for somebody else without being able to read any: it runs with
the rights of the owner, and tells the listening web processes in the same transaction.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from guanxi.foundation import rls


def personal(column: str) -> str:
    """The row belongs to who acts; a person's reach, however wide, does not open it, only the system's does."""
    return f"({column} = guanxi_person() OR (guanxi_everything() AND guanxi_person() IS NULL))"


TELL = """
CREATE FUNCTION workbench_tell(reader bigint, moment timestamptz, sort text, zh text, en text, page text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE number bigint;
BEGIN
  INSERT INTO workbench_notification (user_id, at, kind, text_zh, text_en, url)
  VALUES (reader, moment, sort, zh, en, page) RETURNING id INTO number;
  PERFORM pg_notify('guanxi_push', json_build_object('user', reader, 'unread',
    (SELECT count(*) FROM workbench_notification n WHERE n.user_id = reader AND n.read_at IS NULL))::text);
  RETURN number;
END $$;
"""
UNTELL = "DROP FUNCTION workbench_tell(bigint, timestamptz, text, text, text, text);"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("foundation", "0001_scope"), ("access", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="When")),
                ("kind", models.CharField(max_length=60, verbose_name="Kind")),
                ("text_zh", models.CharField(max_length=400, verbose_name="Chinese text")),
                ("text_en", models.CharField(max_length=500, verbose_name="English text")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="Page")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="Read at")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=60, verbose_name="List")),
                ("name", models.CharField(max_length=60, verbose_name="Name of the view")),
                (
                    "query",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="Search, filters, sort order and columns"
                    ),
                ),
                ("is_shared", models.BooleanField(default=False, verbose_name="Shared")),
                ("node_id", models.IntegerField(blank=True, null=True, verbose_name="Shared at")),
                ("created_at", models.DateTimeField(verbose_name="Made")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["user", "-at"], name="workbench_notification_mine"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)), fields=["user"], name="workbench_notification_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^/([^/\\\\]|$)"), _connector="OR"),
                name="workbench_notification_local",
            ),
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["table", "node_id"], name="workbench_view_shared"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "table", "name"), name="workbench_view_name_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_shared", False), ("node_id__isnull", False), _connector="OR"),
                name="workbench_view_shared_somewhere",
            ),
        ),
        rls.protect("workbench_notification", read=personal("user_id")),
        rls.protect(
            "workbench_savedview",
            read=f"({personal('owner_id')} OR (is_shared AND {rls.within_or_above('node_id')}))",
            write=personal("owner_id"),
        ),
        migrations.RunSQL(TELL, UNTELL),
    ]
