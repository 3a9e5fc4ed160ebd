"""Contact rules in their versions, the budget of contacts, named days, what was decided, and what was drawn."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.policy.rules import Timing
from guanxi.care.policy.sampling import MARGINS, PERCENT
from guanxi.care.states.rules import Anchor, Channel, DayKind, Phase, Result, Unit, Where
from guanxi.codelists.queries import in_language
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.vehicles.models import CarModel, Vehicle
from guanxi.worklist.states import Priority

_HASH = Func(F("code"), Value(0), function="hashtextextended")  # a range of one, since texts have no ranges


class CapGroup(Bilingual):
    """Contacts that share one budget: at most one in so many days for a customer, over all channels (AMB-05)."""

    code = models.CharField(_("Code"), max_length=20, primary_key=True)
    days = models.SmallIntegerField(_("Days between two contacts"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 365)), name="care_cap_days")]

    def __str__(self) -> str:
        return self.code


class NamedDay(Bilingual):
    """A festival or a solar term, and the day on which it falls."""

    kind = models.CharField(_("Kind"), max_length=10, choices=DayKind.choices)
    code = models.CharField(_("Code"), max_length=30)
    day = models.DateField(_("Day"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day", "code"], name="care_day_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.day}"


class Rule(Bilingual):
    """One version of a contact rule: from which day, whom, when, how, by whom. It holds at its place and below, or
    everywhere. A version that has decided about somebody is never changed; a new one follows it.
    """

    code = models.CharField(_("Code"), max_length=40)
    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Holds at"))
    since = models.DateField(_("From"))
    until = models.DateField(_("Until before"), null=True, blank=True)
    is_on = models.BooleanField(_("Switched on"), default=True)
    anchor = models.CharField(_("Counts from"), max_length=20, choices=Anchor.choices)
    of = ArrayField(models.CharField(max_length=40), verbose_name=_("Which ones"), default=list, blank=True)
    phase = models.CharField(_("Phase of the car"), max_length=16, choices=Phase.choices, blank=True)
    months = models.SmallIntegerField(_("Months after"), default=0)
    opens = models.SmallIntegerField(_("Opens, days after"), default=0)
    due = models.SmallIntegerField(_("Due within"), default=1)
    unit = models.CharField(_("Unit"), max_length=12, choices=Unit.choices, default=Unit.DAYS)
    every = models.SmallIntegerField(_("Every so many months"), null=True, blank=True)
    first_month = models.SmallIntegerField(_("From month"), null=True, blank=True)
    last_month = models.SmallIntegerField(_("To month"), null=True, blank=True)
    audience = models.JSONField(_("Audience"), default=list, blank=True)
    coverage = models.SmallIntegerField(_("Coverage in percent"), default=100)
    margin = models.SmallIntegerField(_("Margin in percentage points"), null=True, blank=True)
    replaces = models.BooleanField(_("Replaces whom it does not reach"), default=False)
    control = models.SmallIntegerField(_("Control group in percent"), default=0)
    seed = models.CharField(_("Seed of the draw"), max_length=20, default="1")
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    fallback = models.CharField(_("Otherwise by"), max_length=8, choices=Channel.choices, blank=True)
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices, default=Purpose.CARE)
    is_exempt = models.BooleanField(_("Safety: needs no consent"), default=False)
    template = models.CharField(_("Sends itself with the template"), max_length=40, blank=True)
    script = models.JSONField(_("Script"), default=list, blank=True)
    where = models.CharField(_("Carried out at"), max_length=12, choices=Where.choices, default=Where.OUTLET)
    role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Role"))
    is_consultants = models.BooleanField(_("By the customer's own consultant"), default=False)
    priority = models.SmallIntegerField(_("Priority"), default=3)
    cap = models.ForeignKey(CapGroup, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Budget"))
    source = models.CharField(_("Preset"), max_length=40, blank=True)
    is_assumed = models.BooleanField(_("Assumed"), default=False)
    assumed_zh = models.CharField(_("Why assumed, in Chinese"), max_length=200, blank=True)
    assumed_en = models.CharField(_("Why assumed, in English"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("Written at"))

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="care_rule_one_at_a_time",
                expressions=[
                    (Func(_HASH, _HASH, Value("[]"), function="int8range"), "&&"),
                    (Func(F("since"), F("until"), function="daterange"), "&&"),
                ],
            ),
            models.UniqueConstraint(fields=["code", "since"], name="care_rule_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]{1,39}$"), name="care_rule_code"),
            models.CheckConstraint(
                condition=Q(node__isnull=True) | Q(source__gt="") | Q(code__startswith="x_"), name="care_rule_own_code"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="care_rule_forward"
            ),
            models.CheckConstraint(condition=Q(anchor__in=Anchor.values), name="care_rule_anchor"),
            models.CheckConstraint(
                condition=Q(coverage__range=(1, 100), control__range=(0, 50), priority__range=(1, 4)),
                name="care_rule_shares",
            ),
            models.CheckConstraint(
                condition=Q(margin__isnull=True) | Q(margin__range=(MARGINS[0], MARGINS[-1])), name="care_rule_margin"
            ),
            models.CheckConstraint(
                condition=Q(is_exempt=False) | Q(control=0), name="care_rule_no_control_for_safety"
            ),
            models.CheckConstraint(
                condition=~Q(anchor="REGULAR") | Q(every__gte=1, first_month__gte=1, last_month__gte=F("first_month")),
                name="care_rule_regular",
            ),
            models.CheckConstraint(
                condition=Q(is_assumed=False) | ~Q(assumed_zh=""), name="care_rule_assumed_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def timing(self) -> Timing:
        return Timing(self.months, self.opens, self.due, self.unit)

    @property
    def is_sample(self) -> bool:
        return self.margin is not None or self.coverage < PERCENT

    @property
    def assumed_why(self) -> str:
        return in_language(self.assumed_zh, self.assumed_en)

    @property
    def priority_label(self) -> str:
        return str(Priority(str(self.priority)).label)


class Decision(models.Model):
    """What became of one case of a rule: a task, or a skip with its reason. It stays as it is.

    ``place`` is where it was to be carried out: an outlet does not see what the call centre decided. ``reason_on`` is
    what makes the reason one: a due day that moves with the mileage is no new reason (``queries.anchors``).
    Only whoever was not in the sample may still become a task, in place of somebody drawn who was not reached.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, db_index=False, related_name="decisions")
    code = models.CharField(_("Rule"), max_length=40, db_collation="C")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="care_decisions")
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, null=True, blank=True, db_index=False, related_name="+")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    place = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    anchor_on = models.DateField(_("Counts from"))
    reason_on = models.DateField(_("Once for"))
    opens_on = models.DateField(_("Opens"))
    closes_on = models.DateField(_("Closes"))
    decided_on = models.DateField(_("Decided on"))
    result = models.CharField(_("Result"), max_length=16, choices=Result.choices)
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices, blank=True)
    cap = models.ForeignKey(CapGroup, models.PROTECT, db_index=False, related_name="+")
    leader = models.CharField(_("Named in the task of"), max_length=40, blank=True)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("In place of")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="care_decision_replaced_once"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(result="TASK"), name="care_decision_replaces"
            ),
            models.UniqueConstraint(
                fields=["customer", "code", "reason_on", "vehicle"], nulls_distinct=False, name="care_decision_once"
            ),
            models.CheckConstraint(
                condition=Q(result__in=[value for value in Result.values if value != "WAIT"]),
                name="care_decision_result",
            ),
            models.CheckConstraint(condition=~Q(result="TASK") | ~Q(channel=""), name="care_decision_channel"),
            models.CheckConstraint(condition=~Q(result="MERGED") | ~Q(leader=""), name="care_decision_leader"),
        ]
        indexes = [
            models.Index(
                fields=["customer", "cap", "-decided_on"], condition=Q(result="TASK"), name="care_decision_contacts"
            ),
            models.Index(fields=["rule", "decided_on"], name="care_decision_of_rule"),
            models.Index(fields=["place", "-decided_on"], name="care_decision_at"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.result} of {self.customer_id}"


class Draw(models.Model):
    """One stratum of a sampled rule: a model at an outlet in a month, how many were there, how many were drawn. Cases
    without a car, or with one of an unknown model, are a stratum of their own.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, db_index=False, related_name="draws")
    outlet = models.ForeignKey(Node, models.CASCADE, db_index=False, related_name="+")
    place = models.ForeignKey(Node, models.CASCADE, db_index=False, related_name="+")
    model = models.ForeignKey(
        CarModel, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Model")
    )
    month = models.DateField(_("Month"))
    population = models.IntegerField(_("Population"))
    drawn = models.IntegerField(_("Drawn"))
    replaced = models.IntegerField(_("Replaced"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "outlet", "place", "month", "model"], nulls_distinct=False, name="care_draw_once"
            ),
            models.CheckConstraint(
                condition=Q(drawn__gte=0, replaced__gte=0) & Q(population__gte=F("drawn")), name="care_draw_numbers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drawn} of {self.population} at {self.outlet_id} in {self.month}"
