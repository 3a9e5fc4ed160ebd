"""The kinds of lines on a bill. The categories of visits are a code list: ``visit_categories``."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CATEGORIES = "visit_categories"


class LineKind(TextChoices):
    LABOUR = "LABOUR", _("Labour")
    PART = "PART", _("Part")
    OTHER = "OTHER", _("Other")
