from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.care.states.tiers import ABOVE

LIMITED = [(code.value, code.label) for code in reversed(ABOVE)]


class TierTerms(models.Model):
    """From what on a customer belongs to a tier, from a day on: among the first so many in a hundred of those who paid
    anything, or by an amount (CLASS-36, AMB-34). Rows are never changed once their day has come.
    """

    source = models.CharField(_("Preset"), max_length=40)
    tier = models.CharField(_("Tier"), max_length=8, choices=LIMITED)
    valid_from = models.DateField(_("From"))
    percent = models.SmallIntegerField(_("First so many in a hundred"), null=True)
    amount = models.IntegerField(_("Paid in a year at least (yuan)"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "tier", "valid_from"], name="care_tierterms_once"),
            models.CheckConstraint(
                condition=Q(percent__range=(1, 99), amount__isnull=True) | Q(percent__isnull=True, amount__gte=1),
                name="care_tierterms_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.tier} {self.valid_from}"


class TierBound(models.Model):
    """What had to be paid for a tier in a month: worked out once, in its first night, so that nobody moves up or down
    because others paid; never changed.
    """

    terms = models.ForeignKey(TierTerms, models.PROTECT, db_index=False, related_name="bounds")
    month = models.DateField(_("Month"))
    amount = models.IntegerField(_("Paid in a year at least (yuan)"))
    payers = models.IntegerField(_("Customers who paid anything"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["terms", "month"], name="care_tierbound_once"),
            models.CheckConstraint(condition=Q(amount__gte=1, payers__gte=0), name="care_tierbound_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.terms.tier} {self.month} {self.amount}"
