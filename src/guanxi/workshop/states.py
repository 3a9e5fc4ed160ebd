"""The kinds of lines on a bill. The categories of visits are a code list: ``visit_categories``."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CATEGORIES = "visit_categories"
# The categories of that list by which a maintenance of the plan is done.
MAINTENANCE = ("FIRST_MAINTENANCE", "SECOND_MAINTENANCE", "PERIODIC_MAINTENANCE")


class LineKind(TextChoices):
    LABOUR = "LABOUR", _("Labour")
    PART = "PART", _("Spare part")
    OTHER = "OTHER", _("Other")
