"""Articles that people of some roles have to read, and who has confirmed that he did (INFO-16)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.knowledge.models.articles import Article, Version


class Reading(models.Model):
    """People of some roles, where an article is kept and below, have to read it and confirm that until a day.

    ``since``: the version from which on a confirmation counts; a later version asks again only with a new row.
    """

    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="readings")
    since = models.SmallIntegerField(_("Version"))
    roles = ArrayField(models.CharField(max_length=40), verbose_name=_("Who has to confirm"))
    due_on = models.DateField(_("To be confirmed until"))
    is_current = models.BooleanField(_("Still asked for"), default=True)
    asked_at = models.DateTimeField(_("Asks since"))
    asked_by_id = models.BigIntegerField(_("Asks for it"), null=True)
    asked_by = models.CharField(_("Asks for it"), max_length=160)
    reminded_on = models.DateField(_("Reminded on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "since"], name="knowledge_reading_once"),
            models.UniqueConstraint(fields=["article"], condition=Q(is_current=True), name="knowledge_reading_one"),
            models.CheckConstraint(condition=~Q(roles=[]), name="knowledge_reading_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} since {self.since}"


class Confirmation(models.Model):
    """A person says that he has read a version; it is never changed or taken away."""

    version = models.ForeignKey(Version, models.PROTECT, db_index=False, related_name="confirmations")
    person_id = models.BigIntegerField(_("Reader"))
    at = models.DateTimeField(_("When"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person_id"], name="knowledge_confirmation_once")]
        indexes = [models.Index(fields=["person_id", "-at"], name="knowledge_confirmation_of")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.version_id}"
