"""Shapes that tables share."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Bilingual(models.Model):
    """A name in both languages; the reader's language chooses, and one stands in for the other."""

    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        english = (get_language() or "").startswith("en")
        return (self.name_en or self.name_zh) if english else (self.name_zh or self.name_en)


class Traced(models.Model):
    """A row that knows when it was last changed and which import brought it (None: a person did)."""

    touched_at = models.DateTimeField(_("Changed"))
    run_id = models.IntegerField(_("Import"), null=True, blank=True)

    class Meta:
        abstract = True
