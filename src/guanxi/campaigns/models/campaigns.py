"""Kinds of campaigns, campaigns with their waves, and whom each addresses or leaves out."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.campaigns import policy
from guanxi.campaigns.states import STARTED, Arm, Channel, Ending, Group, Obstacle, Response, State
from guanxi.codelists.queries import in_language
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.vehicles.models import Vehicle


class Kind(Bilingual):
    """A ready-made kind of campaign: what it is for, and with what a new one begins."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    group = models.CharField(_("Group of kinds"), max_length=12, choices=Group.choices)
    aim_zh = models.CharField(_("Aim, in Chinese"), max_length=200)
    aim_en = models.CharField(_("Aim, in English"), max_length=300)
    audience = models.JSONField(_("Audience"), default=list)
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Role"))
    control = models.SmallIntegerField(_("Control group (percent)"))
    visit_days = models.SmallIntegerField(_("Visits count within (days)"))
    sale_days = models.SmallIntegerField(_("Sales count within (days)"))
    every_months = models.SmallIntegerField(_("Comes again every (months)"), default=0)
    position = models.SmallIntegerField(_("Position"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    def __str__(self) -> str:
        return self.code

    @property
    def aim(self) -> str:
        return in_language(self.aim_zh, self.aim_en)


class Campaign(models.Model):
    """A campaign of a place for the customers of the outlets at and below it.

    ``planned`` says how many it would have addressed when it was submitted, counted exactly. ``excluded`` says how many
    of the audience were kept out when it started, by reason. ``counted_on``: until that day
    visits and sales are counted. ``every_months``: so often it comes again, each time as a campaign of its own that
    names the one before it (``previous``); it may leave out whom that one addressed.
    """

    kind = models.ForeignKey(Kind, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Kind"))
    name = models.CharField(_("Name of the campaign"), max_length=120)
    aim = models.CharField(_("Aim"), max_length=400)
    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    audience = models.JSONField(_("Audience"), default=list)
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    template = models.CharField(_("Template"), max_length=40, blank=True)
    words = models.TextField(_("What is to be said"), max_length=2000, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    offer = models.CharField(_("Offer"), max_length=200, blank=True)
    offer_code = models.CharField(_("Offer code"), max_length=24, blank=True, db_collation="C")
    has_own_codes = models.BooleanField(_("A code for each customer"), default=False)
    offer_until = models.DateField(_("Codes valid until"), null=True, blank=True)
    variants = models.JSONField(_("Further texts"), default=list)
    budget = models.DecimalField(_("Money budget"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit_cost = models.DecimalField(_("Cost per contact"), max_digits=9, decimal_places=2, default=Decimal(0))
    fixed_cost = models.DecimalField(_("Fixed cost"), max_digits=12, decimal_places=2, default=Decimal(0))
    control = models.SmallIntegerField(_("Control group (percent)"), default=0)
    visit_days = models.SmallIntegerField(_("Visits count within (days)"))
    sale_days = models.SmallIntegerField(_("Sales count within (days)"))
    every_months = models.SmallIntegerField(_("Comes again every (months)"), default=0)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False, related_name="next", verbose_name=_("Repeats")
    )
    skips_previous = models.BooleanField(_("Leaves out whom the last one addressed"), default=False)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    excluded = models.JSONField(_("Excluded, by reason"), default=dict)
    planned = models.JSONField(_("Counted when it was submitted"), default=dict)
    counted_on = models.DateField(_("Counted until"), null=True, blank=True)
    made_at = models.DateTimeField(_("Written at"))
    made_by = models.CharField(_("Written by"), max_length=160)
    submitted_at = models.DateTimeField(_("Submitted at"), null=True, blank=True)
    submitted_by_id = models.BigIntegerField(_("Submitted by"), null=True, blank=True)
    submitted_by = models.CharField(_("Submitted by"), max_length=160, blank=True)
    approved_at = models.DateTimeField(_("Approved at"), null=True, blank=True)
    approved_by_id = models.BigIntegerField(_("Approved by"), null=True, blank=True)
    approved_by = models.CharField(_("Approved by"), max_length=160, blank=True)
    started_at = models.DateTimeField(_("Started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer_code"], condition=~Q(offer_code=""), name="campaigns_code_once"),
            models.UniqueConstraint(
                fields=["previous"],
                condition=Q(previous__isnull=False) & ~Q(state=State.CANCELLED),
                name="campaigns_repeated_once",
            ),
            models.CheckConstraint(condition=Q(every_months__range=(0, 24)), name="campaigns_every"),
            models.CheckConstraint(
                condition=Q(skips_previous=False) | Q(previous__isnull=False), name="campaigns_skips_one"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="campaigns_state"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(aim=""), name="campaigns_said"),
            models.CheckConstraint(
                condition=Q(offer_code="") | Q(offer_code__regex=r"^[A-Z0-9-]{3,24}$"), name="campaigns_code_shape"
            ),
            models.CheckConstraint(
                condition=Q(offer_code="") | Q(has_own_codes=False), name="campaigns_one_kind_of_code"
            ),
            models.CheckConstraint(
                condition=Q(control__range=(0, 50), visit_days__range=(1, 366), sale_days__range=(1, 731)),
                name="campaigns_numbers",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__gte=0, fixed_cost__gte=0) & (Q(budget__isnull=True) | Q(budget__gte=0)),
                name="campaigns_money",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, *STARTED]) | Q(approved_at__isnull=False),
                name="campaigns_approved",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by_id__isnull=True)
                | Q(approved_by_id__isnull=True)
                | ~Q(submitted_by_id=F("approved_by_id")),
                name="campaigns_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=STARTED, started_at__isnull=False)
                | (~Q(state__in=STARTED) & Q(started_at__isnull=True)),
                name="campaigns_started_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RETURNED, State.CANCELLED]) | ~Q(reason=""), name="campaigns_reasoned"
            ),
        ]
        indexes = [models.Index(fields=["node", "-made_at"], name="campaigns_at")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"HD{self.pk:06d}"

    @property
    def key(self) -> str:
        """The one reason for which somebody is written to or called in this campaign."""
        return f"campaign:{self.pk}"

    @property
    def seed(self) -> str:
        """The seed of its draw: whoever knows it can draw again."""
        return f"campaign:{self.pk}"

    @property
    def texts(self) -> list[policy.Text]:
        """The texts between which the addressed are drawn: A, and whatever was added to it."""
        return policy.texts(self.template, [(item["template"], item["share"]) for item in self.variants])

    @property
    def is_written(self) -> bool:
        """Whether it goes out as messages by itself; else as tasks."""
        return self.channel in {Channel.SMS, Channel.EMAIL}


class Wave(models.Model):
    """One wave: its day, its share of the addressed; ``done_at`` when all of them were addressed or skipped."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False, related_name="waves")
    number = models.SmallIntegerField(_("Wave"))
    on = models.DateField(_("Day"))
    share = models.SmallIntegerField(_("Share of the wave (percent)"))
    done_at = models.DateTimeField(_("Gone out"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="campaigns_wave_once"),
            models.CheckConstraint(condition=Q(number__gte=1, share__range=(1, 100)), name="campaigns_wave_numbers"),
        ]
        indexes = [models.Index(fields=["on"], condition=Q(done_at__isnull=True), name="campaigns_wave_waits")]

    def __str__(self) -> str:
        return f"{self.number} on {self.on}"


class Member(models.Model):
    """Somebody of the frozen audience: his wave and arm, whether he was addressed or why not, what he did.

    ``visited_on`` and ``bought_on`` are at the outlet that addressed him, within the days that count; both arms alike.
    ``variant``: the letter of his text, if the campaign has several; ``code``: his own offer code; ``ending``: how the
    call, the letter or the visit ended.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False, related_name="members")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    wave = models.SmallIntegerField(_("Wave"))
    arm = models.CharField(_("Arm"), max_length=8, choices=Arm.choices)
    variant = models.CharField(_("Text variant"), max_length=1, blank=True)
    code = models.CharField(_("Own offer code"), max_length=24, blank=True, db_collation="C")
    contacted_at = models.DateTimeField(_("Addressed at"), null=True, blank=True)
    ending = models.CharField(_("How it ended"), max_length=12, choices=Ending.choices, blank=True)
    skipped = models.CharField(_("Why not addressed"), max_length=16, choices=Obstacle.choices, blank=True)
    responded_at = models.DateTimeField(_("Answered at"), null=True, blank=True)
    response = models.CharField(_("Answer"), max_length=8, choices=Response.choices, blank=True)
    response_note = models.CharField(_("In words"), max_length=400, blank=True)
    response_by = models.CharField(_("Recorded by"), max_length=160, blank=True)
    redeemed_on = models.DateField(_("Code redeemed on"), null=True, blank=True)
    redeemed_order = models.CharField(_("Order number"), max_length=40, blank=True)
    redeemed_amount = models.DecimalField(_("Amount (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True)
    visited_on = models.DateField(_("Came on"), null=True, blank=True)
    bought_on = models.DateField(_("Bought on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "customer"], name="campaigns_member_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="campaigns_own_code_once"),
            models.CheckConstraint(
                condition=Q(redeemed_on__isnull=False, responded_at__isnull=False)
                | Q(redeemed_on__isnull=True, redeemed_order="", redeemed_amount__isnull=True),
                name="campaigns_redeemed_whole",
            ),
            models.CheckConstraint(
                condition=Q(redeemed_amount__isnull=True) | Q(redeemed_amount__gte=0), name="campaigns_redeemed_amount"
            ),
            models.CheckConstraint(
                condition=Q(arm=Arm.TREATED) | Q(contacted_at__isnull=True, skipped="", variant="", code=""),
                name="campaigns_control_alone",
            ),
            models.CheckConstraint(
                condition=Q(contacted_at__isnull=True) | Q(skipped=""), name="campaigns_contacted_or_skipped"
            ),
            models.CheckConstraint(
                condition=Q(ending="") | Q(contacted_at__isnull=False), name="campaigns_ended_if_contacted"
            ),
            models.CheckConstraint(
                condition=Q(responded_at__isnull=True, response="") | (Q(responded_at__isnull=False) & ~Q(response="")),
                name="campaigns_response_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="campaigns_member_of"),
            models.Index(fields=["outlet", "campaign"], name="campaigns_member_at"),
            models.Index(fields=["vehicle"], condition=Q(vehicle__isnull=False), name="campaigns_member_car"),
            models.Index(
                fields=["campaign", "wave", "outlet"],
                condition=Q(arm="TREATED", contacted_at__isnull=True, skipped=""),
                name="campaigns_member_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} of {self.campaign_id}"
