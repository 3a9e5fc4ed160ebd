"""Kinds of lectures in their versions, the proposals that they make, who stands on their lists, and the counters."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.policy import gatherings as policy
from guanxi.care.states.gatherings import ByHand, Exclusion, State
from guanxi.care.states.rules import Channel
from guanxi.codelists.queries import in_language
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.vehicles.models import Vehicle

_HASH = Func(F("code"), Value(0), function="hashtextextended")  # a range of one, since texts have no ranges
INVITED = Q(excluded="", hand="")


class Gathering(Bilingual):
    """One version of a kind of lecture: for whom, how many have to gather, who decides, what an invitation needs."""

    code = models.CharField(_("Code"), max_length=40)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until before"), null=True, blank=True)
    whom_zh = models.CharField(_("Whom, in Chinese"), max_length=60)
    whom_en = models.CharField(_("Whom, in English"), max_length=80)
    aim_zh = models.CharField(_("Aim, in Chinese"), max_length=200)
    aim_en = models.CharField(_("Aim, in English"), max_length=300)
    audience = models.JSONField(_("Audience"), default=list)
    threshold = models.SmallIntegerField(_("Proposed from so many people"))
    pause = models.SmallIntegerField(_("Pause in days"))
    due = models.SmallIntegerField(_("To be decided within (working days)"))
    role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Role"))
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices)
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    source = models.CharField(_("Preset"), max_length=40)
    is_assumed = models.BooleanField(_("Assumed"), default=False)
    assumed_zh = models.CharField(_("Why assumed, in Chinese"), max_length=200, blank=True)
    assumed_en = models.CharField(_("Why assumed, in English"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("Written at"))

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="care_gathering_one_at_a_time",
                expressions=[
                    (Func(_HASH, _HASH, Value("[]"), function="int8range"), "&&"),
                    (Func(F("since"), F("until"), function="daterange"), "&&"),
                ],
            ),
            models.UniqueConstraint(fields=["code", "since"], name="care_gathering_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]{1,39}$"), name="care_gathering_code"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="care_gathering_forward"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=1, pause__range=(0, 1000), due__range=(1, 60)),
                name="care_gathering_numbers",
            ),
            models.CheckConstraint(
                condition=Q(is_assumed=False) | ~Q(assumed_zh=""), name="care_gathering_assumed_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def whom(self) -> str:
        return in_language(self.whom_zh, self.whom_en)

    @property
    def aim(self) -> str:
        return in_language(self.aim_zh, self.aim_en)

    @property
    def assumed_why(self) -> str:
        return in_language(self.assumed_zh, self.assumed_en)


class Proposal(models.Model):
    """Enough people of a kind have gathered at an outlet: a lecture is proposed, and taken on or declined."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, db_index=False, related_name="proposals")
    code = models.CharField(_("Kind"), max_length=40, db_collation="C")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    opened_on = models.DateField(_("Proposed on"))
    found = models.IntegerField(_("Gathered then"))
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.OPEN)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=160, blank=True)
    planned_on = models.DateField(_("Planned day"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "code"], condition=Q(state=State.OPEN), name="care_proposal_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="care_proposal_state"),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, decided_on__isnull=True)
                | (~Q(state=State.OPEN) & Q(decided_on__isnull=False, decided_on__gte=F("opened_on"))),
                name="care_proposal_decided_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ACCEPTED, planned_on__isnull=False, planned_on__gte=F("decided_on"))
                | (~Q(state=State.ACCEPTED) & Q(planned_on__isnull=True)),
                name="care_proposal_planned",
            ),
            models.CheckConstraint(condition=~Q(state=State.DECLINED) | ~Q(reason=""), name="care_proposal_why"),
        ]
        indexes = [models.Index(fields=["outlet", "code", "-opened_on"], name="care_proposal_at")]

    def __str__(self) -> str:
        return f"{self.code} {self.opened_on}"

    @property
    def task_key(self) -> str:
        """The key of the task to decide about it."""
        return f"care.gathering:{self.pk}"


class Member(models.Model):
    """Somebody on the list of a proposal, with his car: what keeps him away, found by the night or said by a person.

    ``lapsed_on``: since then the conditions hold no longer; he stays on the list. ``insisted``: a person invites him
    in spite of what the sources advise.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, db_index=False, related_name="members")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="+")
    joined_on = models.DateField(_("On the list since"))
    lapsed_on = models.DateField(_("Conditions no longer hold since"), null=True, blank=True)
    excluded = models.CharField(_("Excluded"), max_length=16, choices=Exclusion.choices, blank=True)
    insisted = models.BooleanField(_("Invited in spite of it"), default=False)
    hand = models.CharField(_("Excluded by hand"), max_length=10, choices=ByHand.choices, blank=True)
    hand_note = models.CharField(_("In words"), max_length=200, blank=True)
    hand_by = models.CharField(_("By"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "customer"], name="care_member_once"),
            models.CheckConstraint(condition=Q(excluded__in=["", *Exclusion.values]), name="care_member_excluded"),
            models.CheckConstraint(condition=Q(hand__in=["", *ByHand.values]), name="care_member_hand"),
            models.CheckConstraint(condition=~Q(hand=ByHand.ANOTHER) | ~Q(hand_note=""), name="care_member_words"),
            models.CheckConstraint(condition=Q(insisted=False) | Q(hand=""), name="care_member_one_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} of {self.proposal_id}"

    @property
    def is_invited(self) -> bool:
        return policy.is_invited(self.excluded, self.hand)

    @property
    def why(self) -> str:
        """Why he is not invited, the word of a person first; nothing if he is."""
        if self.hand:
            return " · ".join(part for part in (str(ByHand(self.hand).label), self.hand_note) if part)
        return str(Exclusion(self.excluded).label) if self.excluded else ""


class Tally(models.Model):
    """How many of a kind had gathered at an outlet in the last night, and what excluded how many others."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, db_index=False, related_name="+")
    code = models.CharField(_("Kind"), max_length=40, db_collation="C")
    outlet = models.ForeignKey(Node, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField(_("Counted on"))
    met = models.IntegerField(_("Meet the conditions"))
    counted = models.IntegerField(_("Gathered"))
    reasons = models.JSONField(_("Excluded, by reason"), default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "code"], name="care_tally_once"),
            models.CheckConstraint(condition=Q(counted__gte=0, met__gte=F("counted")), name="care_tally_numbers"),
        ]

    def __str__(self) -> str:
        return f"{self.counted} of {self.code} at {self.outlet_id}"
