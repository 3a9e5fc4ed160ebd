from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.messaging.states import CHANNELS, Draft, Language, Reason, State
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.vehicles.models import Vehicle


class Terms(models.Model):
    """When nobody is written to, how often at most, and which words stop a channel; never rewritten (NFR-12)."""

    source = models.CharField(_("Preset"), max_length=40)
    valid_from = models.DateField(_("Valid from"))
    quiet_from = models.TimeField(_("Quiet from"))
    quiet_until = models.TimeField(_("Quiet until"))
    stops = ArrayField(models.CharField(max_length=20), verbose_name=_("Words that stop a channel"))
    budgets = models.JSONField(_("Days between two messages of a purpose"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["valid_from"], name="messaging_terms_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.valid_from}"


class Template(Bilingual):
    """One version of the words of a message, in both languages; written by one person, approved by another."""

    code = models.CharField(_("Code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("Version"))
    channel = models.CharField(_("Channel"), max_length=8, choices=CHANNELS)
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    carrier_code = models.CharField(_("Number of the template at WeChat"), max_length=64, blank=True)
    subject_zh = models.CharField(_("Chinese subject"), max_length=120, blank=True)
    subject_en = models.CharField(_("English subject"), max_length=160, blank=True)
    body_zh = models.TextField(_("Chinese text"))
    body_en = models.TextField(_("English text"))
    at_any_hour = models.BooleanField(_("At any hour"), default=False)
    state = models.CharField(_("State"), max_length=8, choices=Draft.choices, default=Draft.DRAFT)
    valid_from = models.DateField(_("Valid from"))
    written_by_id = models.BigIntegerField(_("Author"), null=True)
    written_by = models.CharField(_("Author"), max_length=160)
    written_at = models.DateTimeField(_("Written at"))
    approved_by_id = models.BigIntegerField(_("Approved by"), null=True)
    approved_by = models.CharField(_("Approved by"), max_length=160, blank=True)
    approved_at = models.DateTimeField(_("Approved at"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="messaging_template_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="DRAFT"), name="messaging_template_one_draft"),
            models.CheckConstraint(condition=Q(state__in=Draft.values), name="messaging_template_state"),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(approved_at__isnull=False), name="messaging_template_approved"
            ),
            models.CheckConstraint(
                condition=Q(written_by_id__isnull=True)
                | Q(approved_by_id__isnull=True)
                | ~Q(written_by_id=models.F("approved_by_id")),
                name="messaging_template_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def words(self, language: str) -> tuple[str, str]:
        """Return subject and text in a language."""
        return (self.subject_en, self.body_en) if language == Language.EN else (self.subject_zh, self.body_zh)


class Follower(models.Model):
    """Somebody who follows the official account of WeChat; whose customer he is, is known from the code he scanned."""

    openid = models.CharField(_("Number of the follower"), max_length=120, db_collation="C", unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="followers")
    followed_at = models.DateTimeField(_("Follows since"))
    left_at = models.DateTimeField(_("Left at"), null=True)

    class Meta:
        indexes = [models.Index(fields=["-followed_at"], name="messaging_follower_since")]

    def __str__(self) -> str:
        return f"follower {self.pk}"


class PrintBatch(models.Model):
    """Letters printed together at a place, and when they were handed to the post: the dispatch log."""

    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    letters = models.PositiveIntegerField(_("Letters"))
    printed_by_id = models.BigIntegerField(_("Printed by"), null=True)
    printed_by = models.CharField(_("Printed by"), max_length=160)
    printed_at = models.DateTimeField(_("Printed at"))
    posted_by_id = models.BigIntegerField(_("Handed over by"), null=True)
    posted_by = models.CharField(_("Handed over by"), max_length=160, blank=True)
    posted_at = models.DateTimeField(_("Handed to the post"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True) | Q(posted_at__gte=models.F("printed_at")),
                name="messaging_batch_posted_after_printing",
            )
        ]
        indexes = [models.Index(fields=["node", "-printed_at"], name="messaging_batch_of")]

    def __str__(self) -> str:
        return f"{self.printed_at:%Y%m%d}-{self.pk}"


class Message(models.Model):
    """What one customer is written for one reason, or why he is not: the outbox and its log in one (NFR-12).

    While ``reason`` is empty the message lives, and only one lives under a key for a customer.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="messages")
    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, db_index=False, related_name="+")
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    channel = models.CharField(_("Channel"), max_length=8, choices=CHANNELS)
    address = models.CharField(_("Number or address"), max_length=200, blank=True, db_collation="C")
    language = models.CharField(_("Language"), max_length=2, choices=Language.choices, default=Language.ZH)
    subject = models.CharField(_("Subject"), max_length=400, blank=True)
    body = models.TextField(_("Text"))
    key = models.CharField(_("Reason in one word"), max_length=120)
    state = models.CharField(_("State"), max_length=9, choices=State.choices)
    reason = models.CharField(_("Why not sent"), max_length=16, choices=Reason.choices, blank=True)
    written_by_id = models.BigIntegerField(_("Author"), null=True)
    written_by = models.CharField(_("Author"), max_length=160)
    queued_at = models.DateTimeField(_("Written at"))
    not_before = models.DateTimeField(_("Not before"))
    sent_at = models.DateTimeField(_("Sent at"), null=True)
    carrier = models.CharField(_("Sent through"), max_length=16, blank=True)
    reference = models.CharField(_("Number at the carrier"), max_length=200, blank=True)
    batch = models.ForeignKey(PrintBatch, models.PROTECT, null=True, related_name="+", verbose_name=_("Batch"))
    parts = ArrayField(
        models.CharField(max_length=65), default=list, verbose_name=_("Numbers of its parts at the carrier")
    )  # fmt: skip
    arrived = ArrayField(models.CharField(max_length=65), default=list, verbose_name=_("Parts that arrived"))
    error = models.CharField(_("What went wrong"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="messaging_message_state"),
            models.CheckConstraint(
                condition=Q(state="SKIPPED", reason__in=Reason.values) | (~Q(state="SKIPPED") & Q(reason="")),
                name="messaging_message_skipped_iff_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="SKIPPED") | ~Q(address=""), name="messaging_message_has_an_address"
            ),
            models.UniqueConstraint(
                fields=["customer", "key"], condition=Q(reason=""), name="messaging_message_one_lives"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-queued_at"], name="messaging_message_of"),
            models.Index(fields=["node", "-queued_at"], name="messaging_message_by"),
            models.Index(fields=["vehicle"], name="messaging_message_about", condition=Q(vehicle__isnull=False)),
            models.Index(
                fields=["state", "not_before", "id"],
                name="messaging_message_due",
                condition=Q(state__in=["QUEUED", "SENDING"]) & ~Q(channel="LETTER"),
            ),
            models.Index(
                fields=["node"], name="messaging_letter_waiting", condition=Q(state="QUEUED", channel="LETTER")
            ),
            GinIndex(fields=["parts"], name="messaging_message_parts", condition=Q(state="SENT")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.customer_id}"


class Reply(models.Model):
    """What was answered from a number or address; one row for each customer who has it, one without if nobody does."""

    customer = models.ForeignKey(Customer, models.CASCADE, null=True, db_index=False, related_name="replies")
    channel = models.CharField(_("Channel"), max_length=8, choices=CHANNELS)
    address = models.CharField(_("Number or address"), max_length=120, db_collation="C")
    words = models.TextField(_("Words"))
    is_stop = models.BooleanField(_("Stops the channel"))
    reference = models.CharField(_("Number at the carrier"), max_length=200)
    missing = models.PositiveSmallIntegerField(_("Parts that never came"), default=0)
    received_at = models.DateTimeField(_("Received at"))
    kept_at = models.DateTimeField(_("Kept at"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(missing=0) | Q(is_stop=False), name="messaging_reply_whole_or_no_stop"),
            models.UniqueConstraint(
                fields=["channel", "reference", "customer"], nulls_distinct=False, name="messaging_reply_once"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-received_at"], name="messaging_reply_of"),
            models.Index(fields=["-received_at"], name="messaging_reply_at"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} from {self.customer_id}"


class AnswerPart(models.Model):
    """A part of a long answer that waits for the others, as it came; ``joined_at`` when they were kept as one answer.

    Joined parts stay for a while, so that one that comes again is known.
    """

    address = models.CharField(_("Number or address"), max_length=120, db_collation="C")
    series = models.CharField(_("Series of its sender"), max_length=24, db_collation="C")
    number = models.PositiveSmallIntegerField(_("Which part"))
    total = models.PositiveSmallIntegerField(_("Of how many"))
    coding = models.SmallIntegerField(_("Coding"))
    octets = models.BinaryField(_("Octets"))
    reference = models.CharField(_("Number at the carrier"), max_length=200)
    came_at = models.DateTimeField(_("Received at"))
    joined_at = models.DateTimeField(_("Joined at"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "series", "total", "number"],
                condition=Q(joined_at__isnull=True),
                name="messaging_part_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(total__range=(2, 255), number__gte=1, number__lte=models.F("total")),
                name="messaging_part_numbers",
            ),
        ]
        indexes = [
            models.Index(fields=["address", "series"], name="messaging_part_of"),
            models.Index(fields=["came_at"], name="messaging_part_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.total} of {self.series}"


class StrayMail(models.Model):
    """A mail that came in and is nothing that could be kept elsewhere: who sent it, and why."""

    reference = models.CharField(_("Number at the carrier"), max_length=200, unique=True)
    address = models.CharField(_("Number or address"), max_length=120, blank=True, db_collation="C")
    subject = models.CharField(_("Subject"), max_length=400, blank=True)
    why = models.CharField(_("What went wrong"), max_length=400)
    kept_at = models.DateTimeField(_("Kept at"))

    class Meta:
        indexes = [models.Index(fields=["-kept_at"], name="messaging_straymail_at")]

    def __str__(self) -> str:
        return self.reference
