from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User


class Notification(models.Model):
    """Something one person was told, in both languages, with the page where it can be looked at."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(_("When"))
    kind = models.CharField(_("Kind"), max_length=60)
    text_zh = models.CharField(_("Chinese text"), max_length=400)
    text_en = models.CharField(_("English text"), max_length=500)
    url = models.CharField(_("Page"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("Read at"), null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="workbench_notification_mine"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="workbench_notification_unread"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url="") | models.Q(url__regex=r"^/([^/\\]|$)"), name="workbench_notification_local"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh


class SavedView(models.Model):
    """A list as somebody likes it: its query string under a name, perhaps shared with the own place."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    table = models.CharField(_("List"), max_length=60)
    name = models.CharField(_("Name of the view"), max_length=60)
    query = models.CharField(_("Search, filters, sort order and columns"), max_length=1000, blank=True)
    is_shared = models.BooleanField(_("Shared"), default=False)
    node_id = models.IntegerField(_("Shared at"), null=True, blank=True)
    created_at = models.DateTimeField(_("Made"))

    class Meta:
        indexes = [models.Index(fields=["table", "node_id"], name="workbench_view_shared")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "table", "name"], name="workbench_view_name_once"),
            models.CheckConstraint(
                condition=models.Q(is_shared=False) | models.Q(node_id__isnull=False),
                name="workbench_view_shared_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.name}"
