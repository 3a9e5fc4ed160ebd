"""What a carmaker or dealer decides about complaints: all of it comes from presets."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.states import Caused, Period, RevisitBy
from guanxi.foundation.models import Bilingual

TERM = r"^[1-9][0-9]{0,3}[md]$"


def _codes(label: Any, size: int = 40) -> Any:
    return ArrayField(models.CharField(max_length=size), verbose_name=label, default=list, blank=True)


class Process(Bilingual):
    """How complaints of a kind go: by when, who handles them, who asks the customer, which decisions are asked for.

    ``handlers`` and ``judges`` name roles by angle, the first one first; ``limits`` the amount up to which a role may
    compensate. Terms are working minutes (``60m``) or working days (``3d``) of the outlet. A caution is proposed when
    a customer has complained ``caution_after`` times within ``caution_days``, or at one of ``caution_signs``.
    """

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    priority = models.SmallIntegerField(_("Priority"), default=0)
    angles = _codes(_("Angles"))
    channels = _codes(_("Channels"))
    signs = _codes(_("Signs of a crisis"))
    first_contact = models.CharField(_("First contact within"), max_length=5)
    solution = models.CharField(_("Resolved within"), max_length=5)
    revisit = models.CharField(_("Customer asked within"), max_length=5)
    handlers = models.JSONField(_("Who handles"))
    revisit_by = models.CharField(_("Who asks the customer"), max_length=8, choices=RevisitBy.choices)
    revisit_roles = _codes(_("Roles that ask the customer"))
    asks_validity = models.BooleanField(_("Asks whether it is valid"), default=False)
    asks_inside = models.BooleanField(_("Asks whether it can be solved inside"), default=False)
    outside_roles = _codes(_("Told when it cannot be solved inside"))
    head_roles = _codes(_("Told of significant ones"))
    crisis_roles = _codes(_("Told of a crisis beside them"))
    limits = models.JSONField(_("Compensation by role"), default=dict)
    recheck_share = models.SmallIntegerField(_("Share that headquarters asks once more (percent)"), default=0)
    recheck_role = models.CharField(_("Who asks once more"), max_length=40, blank=True)
    caution_after = models.SmallIntegerField(_("Complaints after which a caution is proposed"), default=0)
    caution_days = models.SmallIntegerField(_("Within this many days"), default=0)
    caution_signs = _codes(_("Signs at which a caution is proposed"), 24)
    judges = models.JSONField(_("Who judges responsibility"), default=dict)
    fine_least = models.DecimalField(_("Lowest fine"), max_digits=8, decimal_places=2, null=True, blank=True)
    fine_most = models.DecimalField(_("Highest fine"), max_digits=8, decimal_places=2, null=True, blank=True)
    fine_late = models.DecimalField(_("Fine for lateness"), max_digits=8, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_contact__regex=TERM, solution__regex=TERM, revisit__regex=TERM),
                name="complaints_process_terms",
            ),
            models.CheckConstraint(
                condition=Q(recheck_share=0) | (Q(recheck_share__range=(1, 100)) & ~Q(recheck_role="")),
                name="complaints_process_recheck",
            ),
            models.CheckConstraint(
                condition=Q(caution_after=0, caution_days=0)
                | Q(caution_after__range=(2, 99), caution_days__range=(1, 3650)),
                name="complaints_process_caution",
            ),
            models.CheckConstraint(condition=Q(revisit_by__in=RevisitBy.values), name="complaints_process_revisit"),
            models.CheckConstraint(
                condition=Q(fine_least__isnull=True, fine_most__isnull=True) | Q(fine_most__gte=F("fine_least")),
                name="complaints_process_fines",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def fits(self) -> policy.Fits:
        return policy.Fits(self.code, self.priority, self.angles, self.channels, self.signs)


class Category(Bilingual):
    """What a complaint is about; a tree. With an ``angle`` it is usually a matter of sales, service or product."""

    code = models.CharField(_("Code"), max_length=40, primary_key=True)
    under = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("Above")
    )
    angle = models.CharField(_("Angle"), max_length=8, blank=True)
    position = models.SmallIntegerField(_("Position"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    def __str__(self) -> str:
        return self.code


class Cause(Bilingual):
    """Why a complaint arose: a service, user or product problem (CLASS-39), said more finely; and the policy that
    whoever handles it follows at this cause (CMP-13).
    """

    code = models.CharField(_("Code"), max_length=40, primary_key=True)
    kind = models.CharField(_("Kind of cause"), max_length=8, choices=Caused.choices)
    policy_zh = models.TextField(_("Policy in Chinese"), max_length=400, blank=True, default="")
    policy_en = models.TextField(_("Policy in English"), max_length=400, blank=True, default="")
    position = models.SmallIntegerField(_("Position"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=Caused.values), name="complaints_cause_kind")]

    def __str__(self) -> str:
        return self.code

    @property
    def policy(self) -> str:
        """What is done at this cause, in the reader's language."""
        english = (get_language() or "").startswith("en")
        return (self.policy_en or self.policy_zh) if english else (self.policy_zh or self.policy_en)


class Limit(Bilingual):
    """How often the same problem may come up at an outlet before somebody above it looks: more than ``most`` complaints
    of a category within a calendar month or quarter (CMP-40, POL-14). ``role`` looks at it, at the branch.
    """

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    period = models.CharField(_("Within"), max_length=8, choices=Period.choices)
    most = models.SmallIntegerField(_("Allowed at most"))
    role = models.CharField(_("Who looks at it"), max_length=40)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period__in=Period.values, most__gte=1), name="complaints_limit_whole")
        ]

    def __str__(self) -> str:
        return self.code


class Sign(Bilingual):
    """By what a crisis is known (CLASS-44): words, parties involved, an amount of damage and above."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    words = ArrayField(models.CharField(max_length=40), verbose_name=_("Words"), default=list, blank=True)
    parties = _codes(_("Parties involved"))
    amount = models.DecimalField(_("From this amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    def __str__(self) -> str:
        return self.code

    @property
    def rule(self) -> policy.Sign:
        return policy.Sign(self.code, self.words, self.parties, self.amount)
