from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node


class CodeList(Bilingual):
    """A list of codes that headquarters keeps, such as the causes of complaints (CLASS-50)."""

    code = models.CharField(
        _("List code"), max_length=50, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9_]{1,49}$")]
    )
    description_zh = models.TextField(_("Description in Chinese"), blank=True, default="")
    description_en = models.TextField(_("Description in English"), blank=True, default="")
    is_extensible = models.BooleanField(_("Outlets may extend it"), default=False)
    is_hierarchical = models.BooleanField(_("Has levels"), default=False)
    expected_levels = ArrayField(
        models.PositiveIntegerField(), verbose_name=_("Expected number a level"), null=True, blank=True
    )
    source = models.CharField(_("From preset"), max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[a-z][a-z0-9_]{1,49}$"), name="codelists_list_code"
            ),
            models.CheckConstraint(
                condition=models.Q(is_hierarchical=True) | models.Q(expected_levels__isnull=True),
                name="codelists_list_levels",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Code(Bilingual):
    """One code of a list. Its own names are its first wording; later wordings are ``CodeWording``.

    ``valid_to`` is the first day on which the code no longer holds. With a ``node`` it is the extension of
    that outlet or branch, and its code begins with ``X_``: no later central code can collide with it.
    The three marks keep a newer version of a preset from undoing what people decided here.
    """

    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes", verbose_name=_("Code list"))
    code = models.CharField(_("Code"), max_length=40)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Above"),
    )
    level = models.PositiveSmallIntegerField(_("Level"), default=1)
    position = models.IntegerField(_("Position"), default=0)
    attributes = models.JSONField(_("Attributes"), default=dict, blank=True)
    valid_from = models.DateField(_("Valid from"))
    valid_to = models.DateField(_("No longer valid from"), null=True, blank=True)
    node = models.ForeignKey(
        Node,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Extension of"),
    )
    source = models.CharField(_("From preset"), max_length=80, blank=True, default="")
    is_retired_here = models.BooleanField(_("Retired by hand"), default=False)
    is_placed_here = models.BooleanField(_("Moved by hand"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "code", "node"], nulls_distinct=False, name="codelists_code_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="codelists_code_days",
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9][A-Z0-9_]{0,39}$"), name="codelists_code_pattern"
            ),
            models.CheckConstraint(
                condition=models.Q(node__isnull=True, code__regex=r"^(?!X_)")
                | models.Q(node__isnull=False, code__regex=r"^X_"),
                name="codelists_code_local",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, level=1) | models.Q(parent__isnull=False, level__gt=1),
                name="codelists_code_level",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CodeWording(models.Model):
    """What a code says from a day on, until the next wording; an empty ``source`` means renamed by hand.

    Only the later wordings stand here: the first one is the code's own. Nothing is written twice, and the
    wording of any day is the newest row that had begun, or else the code's own names.
    """

    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="wordings", verbose_name=_("Code"))
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True, default="")
    valid_from = models.DateField(_("Valid from"))
    source = models.CharField(_("From preset"), max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="codelists_wording_once")]

    def __str__(self) -> str:
        return f"{self.name_zh} ({self.valid_from})"
