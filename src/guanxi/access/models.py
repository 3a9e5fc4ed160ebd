from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.states import LinkPurpose, Reach
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node


class User(AbstractBaseUser):
    """Somebody, or some program, that signs in."""

    class Kind(models.TextChoices):
        PERSON = "PERSON", _("Person")
        INTEGRATION = "INTEGRATION", _("Integration")

    username = models.CharField(_("User name"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    employee_no = models.CharField(_("Employee number"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    language = models.CharField(_("Language"), max_length=8, blank=True)
    theme = models.CharField(_("Theme"), max_length=8, blank=True)
    is_active = models.BooleanField(_("May sign in"), default=True)
    date_joined = models.DateTimeField(_("Added"))

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]{1,38}$"), name="access_user_username_shape"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"

    def get_full_name(self) -> str:
        return self.name


class Role(Bilingual):
    """What a job may do. Roles are data: presets bring them, headquarters may change them."""

    code = models.CharField(_("Code"), max_length=40, primary_key=True)
    description_zh = models.CharField(_("Chinese description"), max_length=300, blank=True)
    description_en = models.CharField(_("English description"), max_length=400, blank=True)
    kinds = ArrayField(models.CharField(max_length=16), verbose_name=_("Held at"))
    reach = models.CharField(_("Reaches"), max_length=8, choices=Reach.choices)
    verbs = ArrayField(models.CharField(max_length=60), verbose_name=_("May"), default=list)
    source = models.CharField(_("Preset"), max_length=80, blank=True)
    is_changed_here = models.BooleanField(_("Changed by hand"), default=False)
    is_current = models.BooleanField(_("In use"), default=True)
    position = models.SmallIntegerField(_("Position"), default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(reach__in=Reach.values), name="access_role_reach_known")]

    def __str__(self) -> str:
        return self.code


class Membership(models.Model):
    """A person holds a role at a place, from a day to a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    node = models.ForeignKey(Node, models.PROTECT, related_name="memberships")
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("Until before"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="access_membership_forward",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "node"],
                condition=Q(valid_to__isnull=True),
                name="access_membership_once",
            ),
        ]
        indexes = [models.Index(fields=["node", "user"], name="access_membership_node")]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role_id} at {self.node_id}"


class SignInLink(models.Model):
    """A link that lets somebody set a password once: an invitation, or a recovery. Only its hash is kept."""

    purpose = models.CharField(_("Purpose"), max_length=12, choices=LinkPurpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("Name"), max_length=80)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="links")
    role = models.ForeignKey(Role, models.PROTECT, null=True)
    node = models.ForeignKey(Node, models.PROTECT)
    created_by_id = models.BigIntegerField(_("By"))
    created_at = models.DateTimeField(_("Made"))
    expires_at = models.DateTimeField(_("Ends"))
    used_at = models.DateTimeField(_("Used"), null=True)
    revoked_at = models.DateTimeField(_("Revoked"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="INVITATION", role__isnull=False) | Q(purpose="RECOVERY", user__isnull=False),
                name="access_link_whole",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="access_link_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.name}"


class Token(models.Model):
    """A bearer token of a person or integration, narrowed to some verbs. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(_("Begins with"), max_length=12)
    verbs = ArrayField(models.CharField(max_length=60), verbose_name=_("May"))
    created_at = models.DateTimeField(_("Made"))
    expires_at = models.DateTimeField(_("Ends"))
    last_used_at = models.DateTimeField(_("Last used"), null=True)
    revoked_at = models.DateTimeField(_("Revoked"), null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="access_token_ends")]

    def __str__(self) -> str:
        return f"{self.name} {self.start}…"


class Responsibility(Bilingual):
    """Who is responsible, accountable, consulted and informed in a process, and by when (ORG-36)."""

    process = models.CharField(_("Process"), max_length=60, primary_key=True)
    responsible = models.ForeignKey(Role, models.PROTECT, related_name="+")
    accountable = models.ForeignKey(Role, models.PROTECT, related_name="+")
    consulted = models.ManyToManyField(Role, related_name="+", blank=True)
    informed = models.ManyToManyField(Role, related_name="+", blank=True)
    deadline_hours = models.PositiveIntegerField(_("Deadline (hours)"))
    escalation_role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    source = models.CharField(_("Preset"), max_length=80, blank=True)
    is_changed_here = models.BooleanField(_("Changed by hand"), default=False)
    position = models.SmallIntegerField(_("Position"), default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(deadline_hours__gt=0), name="access_responsibility_deadline")]

    def __str__(self) -> str:
        return self.process
