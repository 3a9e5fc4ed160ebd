from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.policy import scripts
from guanxi.foundation.models import Bilingual


class ScriptDraft(Bilingual):
    """What a person would have a script say next: written by one, and in force only once another approved it."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    valid_from = models.DateField(_("Valid from"))
    fits = ArrayField(models.CharField(max_length=60), verbose_name=_("Used for"), default=list)
    questions = models.JSONField(_("Questions"), default=list)
    written_by_id = models.BigIntegerField(_("Author"), null=True)
    written_by = models.CharField(_("Author"), max_length=160)
    written_at = models.DateTimeField(_("Written at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]{1,39}$"), name="contact_centre_scriptdraft_code"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def asked(self) -> tuple[scripts.Question, ...]:
        return scripts.read(self.questions)
