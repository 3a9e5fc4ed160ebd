"""Check lists in their versions, the rounds that go through them, and what was found wanting."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.policy.checklists import MOST_EVERY, ON_CALL, Rhythm
from guanxi.care.states.checklists import Ending, Finding, Outlets, Within
from guanxi.codelists.queries import in_language
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node

_HASH = Func(F("code"), Value(0), function="hashtextextended")  # a range of one, since texts have no ranges


class CheckList(Bilingual):
    """One version of a check list: what is looked at, how often, by whom, who puts right what is wanting. A version
    that was asked for once is never changed; a new one follows it.
    """

    code = models.CharField(_("Code"), max_length=40)
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Holds at"))
    since = models.DateField(_("From"))
    until = models.DateField(_("Until before"), null=True, blank=True)
    is_on = models.BooleanField(_("Switched on"), default=True)
    outlets = models.CharField(_("At"), max_length=8, choices=Outlets.choices, default=Outlets.ALL)
    weekdays = ArrayField(models.SmallIntegerField(), verbose_name=_("Days of the week"), default=list, blank=True)
    every = models.SmallIntegerField(_("Every so many working days"), default=1)
    by = models.TimeField(_("Done by"))
    role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Gone through by"))
    fixer = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Put right by"))
    within = models.SmallIntegerField(_("Put right within"))
    unit = models.CharField(_("Unit"), max_length=16, choices=Within.choices)
    source = models.CharField(_("Preset"), max_length=40)
    is_assumed = models.BooleanField(_("Assumed"), default=False)
    assumed_zh = models.CharField(_("Why assumed, in Chinese"), max_length=200, blank=True)
    assumed_en = models.CharField(_("Why assumed, in English"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("Written at"))

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="care_checklist_one_at_a_time",
                expressions=[
                    (Func(_HASH, _HASH, Value("[]"), function="int8range"), "&&"),
                    (Func(F("since"), F("until"), function="daterange"), "&&"),
                ],
            ),
            models.UniqueConstraint(fields=["code", "since"], name="care_checklist_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]{1,39}$"), name="care_checklist_code"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="care_checklist_forward"
            ),
            models.CheckConstraint(
                condition=Q(outlets__in=Outlets.values, unit__in=Within.values, within__range=(1, 200)),
                name="care_checklist_known",
            ),
            models.CheckConstraint(
                condition=Q(every__range=(ON_CALL, MOST_EVERY), weekdays__contained_by=list(range(1, 8)))
                & (Q(weekdays=[]) | Q(every=1)),
                name="care_checklist_rhythm",
            ),
            models.CheckConstraint(
                condition=Q(is_assumed=False) | ~Q(assumed_zh=""), name="care_checklist_assumed_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(tuple(self.weekdays), self.every)

    @property
    def assumed_why(self) -> str:
        return in_language(self.assumed_zh, self.assumed_en)


class CheckItem(Bilingual):
    """One thing that a list looks at."""

    list = models.ForeignKey(CheckList, models.CASCADE, db_index=False, related_name="items")
    code = models.CharField(_("Code"), max_length=40)
    position = models.SmallIntegerField(_("Position"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="care_checkitem_once"),
            models.UniqueConstraint(fields=["list", "position"], name="care_checkitem_order"),
        ]

    def __str__(self) -> str:
        return self.code


class Round(models.Model):
    """One list at one outlet on one day. ``due_at`` says that it was asked for, ``filed_at`` that somebody went; a
    round that was filed has an answer to each item, and stays. Counted are the items found fulfilled and not.
    """

    list = models.ForeignKey(CheckList, models.PROTECT, related_name="rounds")
    code = models.CharField(_("Check list"), max_length=40, db_collation="C")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="care_rounds")
    day = models.DateField(_("Day"))
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    filed_at = models.DateTimeField(_("Filed"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("Corrected"), null=True, blank=True)
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Person"), max_length=160, blank=True)
    fulfilled = models.SmallIntegerField(_("Fulfilled"), default=0)
    missing = models.SmallIntegerField(_("Not fulfilled"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "day", "code"], name="care_round_once"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(filed_at__isnull=False), name="care_round_reason"
            ),
            models.CheckConstraint(
                condition=(Q(filed_at__isnull=False) & ~Q(person_name=""))
                | Q(
                    filed_at__isnull=True,
                    corrected_at__isnull=True,
                    person_id__isnull=True,
                    person_name="",
                    fulfilled=0,
                    missing=0,
                ),
                name="care_round_filed_by",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=True) | Q(corrected_at__gte=F("filed_at")), name="care_round_forward"
            ),
            models.CheckConstraint(condition=Q(fulfilled__gte=0, missing__gte=0), name="care_round_counts"),
        ]
        indexes = [models.Index(fields=["day"], name="care_round_day")]

    def __str__(self) -> str:
        return f"{self.code} at {self.outlet_id} on {self.day}"

    @property
    def task_key(self) -> str:
        return f"care.round:{self.code}:{self.outlet_id}:{self.day}"


class Answer(models.Model):
    """How one item was found in a round; what is not fulfilled is said in words."""

    round = models.ForeignKey(Round, models.CASCADE, db_index=False, related_name="answers")
    item = models.ForeignKey(CheckItem, models.PROTECT, db_index=False, related_name="+")
    finding = models.CharField(_("Found"), max_length=16, choices=Finding.choices)
    remark = models.CharField(_("What is wrong"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "item"], name="care_answer_once"),
            models.CheckConstraint(condition=Q(finding__in=Finding.values), name="care_answer_finding"),
            models.CheckConstraint(
                condition=(Q(finding=Finding.MISSING) & ~Q(remark="")) | (~Q(finding=Finding.MISSING) & Q(remark="")),
                name="care_answer_explained",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "item"], condition=~Q(finding="FULFILLED"), name="care_answer_other"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.finding} in {self.round_id}"


class Shortcoming(models.Model):
    """Something that a round found wanting at an outlet, until it is put right or seen to be right. While it is open,
    later rounds that find it again add nothing. ``asked_at`` says that its task was written.
    """

    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    code = models.CharField(_("Check list"), max_length=40, db_collation="C")
    item_code = models.CharField(_("Item"), max_length=40, db_collation="C")
    item = models.ForeignKey(CheckItem, models.PROTECT, db_index=False, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="shortcomings")
    remark = models.CharField(_("What is wrong"), max_length=300)
    found_on = models.DateField(_("Found"))
    asked_at = models.DateTimeField(_("Asked to be put right"), null=True, blank=True)
    ended_on = models.DateField(_("Ended"), null=True, blank=True)
    ending = models.CharField(_("How it ended"), max_length=12, choices=Ending.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "code", "item_code"], condition=Q(ended_on__isnull=True), name="care_shortcoming_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ending="")
                | Q(ended_on__isnull=False, ended_on__gte=F("found_on"), ending__in=Ending.values),
                name="care_shortcoming_ended",
            ),
            models.CheckConstraint(condition=~Q(remark=""), name="care_shortcoming_said"),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} at {self.outlet_id} since {self.found_on}"

    @property
    def task_key(self) -> str:
        return f"care.shortcoming:{self.pk}"
