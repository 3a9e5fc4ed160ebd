from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.privacy.states import Medium, Purpose, Standing


class ConsentText(models.Model):
    """The words that a customer agrees to, by purpose and version; never changed once used."""

    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    version = models.CharField(_("Version"), max_length=20)
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"), blank=True)
    valid_from = models.DateField(_("Valid from"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="privacy_text_purpose"),
            models.UniqueConstraint(fields=["purpose", "version"], name="privacy_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Consent(models.Model):
    """One line of the ledger: who may use which channel for which purpose, on what proof (NFR-01).

    ``recipient`` is the place that may contact: an outlet, or the group for all. A line is never changed but
    for its withdrawal; a new decision is a new line.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    medium = models.CharField(_("Channel"), max_length=8, choices=Medium.choices)
    recipient = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    standing = models.CharField(_("Standing"), max_length=10, choices=Standing.choices)
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, db_index=False, related_name="+")
    proof = models.CharField(_("Proof"), max_length=200)
    given_at = models.DateTimeField(_("Given at"))
    recorded_by_id = models.BigIntegerField(_("Recorded by"), null=True)
    recorded_by = models.CharField(_("Recorded by"), max_length=80)
    withdrawn_at = models.DateTimeField(_("Withdrawn at"), null=True)
    withdrawal_proof = models.CharField(_("Proof of the withdrawal"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="privacy_consent_purpose"),
            models.CheckConstraint(condition=Q(medium__in=Medium.values), name="privacy_consent_medium"),
            models.CheckConstraint(condition=~Q(proof=""), name="privacy_consent_has_proof"),
            models.CheckConstraint(
                condition=Q(standing="WITHDRAWN", withdrawn_at__isnull=False)
                | (~Q(standing="WITHDRAWN") & Q(withdrawn_at__isnull=True)),
                name="privacy_consent_withdrawn_iff_dated",
            ),
            models.UniqueConstraint(
                fields=["customer", "purpose", "medium", "recipient"],
                condition=~Q(standing="WITHDRAWN"),
                name="privacy_consent_one_stands",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-given_at"], name="privacy_consent_of")]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.medium} of {self.customer_id}"


class Hold(models.Model):
    """Somebody is left alone for a time, whatever he agreed to: no offers, care or surveys while a matter is settled.

    ``source`` says what asks for it (``crisis:12``): who is held by several is free again when the last one lets go.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="holds")
    source = models.CharField(_("Asked for by"), max_length=60, db_collation="C")
    since = models.DateTimeField(_("Since"))
    lifted_at = models.DateTimeField(_("Lifted"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "source"], condition=Q(lifted_at__isnull=True), name="privacy_hold_once"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="privacy_hold_asked"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=models.F("since")), name="privacy_hold_forward"
            ),
        ]
        indexes = [models.Index(fields=["source"], condition=Q(lifted_at__isnull=True), name="privacy_hold_by")]

    def __str__(self) -> str:
        return f"{self.source} holds {self.customer_id}"
