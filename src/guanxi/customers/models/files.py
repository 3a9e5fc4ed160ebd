"""People and companies, what they are to outlets and to each other, and what hangs on them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.customers.states import (
    AddressKind,
    Category,
    Channel,
    Gender,
    Kind,
    PointState,
    Tie,
    Verification,
)
from guanxi.foundation import divisions
from guanxi.foundation.models import Traced
from guanxi.network.models import Node


class Customer(Traced):
    """A person or a company: one record for the whole network (INFO-11).

    ``reading`` and ``initials`` are the pinyin of the name, for search and order. Identity numbers are
    sealed; the digest finds equal ones without opening them. A merged record stays as a tombstone.
    """

    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=80)
    reading = models.CharField(max_length=240, blank=True, db_collation="C")
    initials = models.CharField(max_length=80, blank=True, db_collation="C")
    gender = models.CharField(_("Gender"), max_length=1, choices=Gender.choices, blank=True)
    born_on = models.DateField(_("Birthday"), null=True, blank=True)
    identity_kind = models.CharField(_("Certificate"), max_length=24, blank=True)
    identity_sealed = models.BinaryField(null=True)
    identity_digest = models.BinaryField(null=True)
    identity_tail = models.CharField(_("Identity number"), max_length=4, blank=True)
    industry = models.CharField(_("Industry"), max_length=40, blank=True)
    occupation = models.CharField(_("Occupation"), max_length=40, blank=True)
    hobbies = models.CharField(_("Hobbies"), max_length=200, blank=True)
    habits = ArrayField(models.CharField(max_length=40), verbose_name=_("Spending habits"), default=list, blank=True)
    preferred_channel = models.CharField(_("Preferred channel"), max_length=24, blank=True)
    verification = models.CharField(
        _("Verification"), max_length=10, choices=Verification.choices, default=Verification.UNVERIFIED
    )
    verified_at = models.DateTimeField(_("Verified at"), null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="merged")
    created_at = models.DateTimeField(_("Added"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="customers_customer_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="customers_customer_named"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customers_customer_not_into_itself"),
        ]
        indexes = [
            models.Index(
                fields=["identity_digest"], name="customers_identity", condition=Q(identity_digest__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="customers_merged", condition=Q(merged_into__isnull=False)),
            BrinIndex(fields=["run_id"], name="customers_customer_run"),
        ]

    def __str__(self) -> str:
        return self.name


class ContactPoint(Traced):
    """One way to reach a customer: its state, and when it was last proven by use (INFO-21)."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="points")
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    value = models.CharField(_("Number or address"), max_length=120, db_collation="C")
    label = models.CharField(_("Whose or when"), max_length=40, blank=True)
    is_primary = models.BooleanField(_("Main"), default=False)
    state = models.CharField(_("State"), max_length=16, choices=PointState.choices, default=PointState.VALID)
    proven_at = models.DateTimeField(_("Last reached"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(value=""), name="customers_point_filled"),
            models.UniqueConstraint(fields=["customer", "channel", "value"], name="customers_point_once"),
            models.UniqueConstraint(
                fields=["customer", "channel"], condition=Q(is_primary=True), name="customers_point_one_main"
            ),
        ]
        indexes = [
            models.Index(fields=["value"], name="customers_point_value"),
            BrinIndex(fields=["run_id"], name="customers_point_run"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.customer_id}"


class Address(Traced):
    """A place of a customer, on the official divisions (GB/T 2260)."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="addresses")
    kind = models.CharField(_("Kind"), max_length=10, choices=AddressKind.choices, default=AddressKind.HOME)
    province = models.CharField(_("Province"), max_length=2, blank=True)
    city = models.CharField(_("City"), max_length=4, blank=True)
    district = models.CharField(_("District"), max_length=6, blank=True)
    line = models.CharField(_("Street and number"), max_length=160, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=6, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(city="") | Q(city__startswith=F("province")), name="customers_address_city_in_province"
            ),
            models.CheckConstraint(
                condition=Q(district="") | Q(district__startswith=F("city")), name="customers_address_district_in_city"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="customers_address_of"),
            BrinIndex(fields=["run_id"], name="customers_address_run"),
        ]

    def __str__(self) -> str:
        return f"address of {self.customer_id}"

    @property
    def words(self) -> str:
        """The address with its divisions in words."""
        codes = (self.province, self.city, self.district)
        found = [divisions.shown(division) for code in codes if code and (division := divisions.get(code))]
        return "".join(dict.fromkeys(found)) + self.line


class Relation(Traced):
    """What a customer is to one outlet, from a day on. Only the outlets of open relations see the customer.

    The four marks are the certification of a base customer (CLASS-04, FORM-09).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="relations")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    category = models.CharField(_("Category"), max_length=10, choices=Category.choices)
    source = models.CharField(_("Source"), max_length=40, blank=True)
    consultant = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    consultant_name = models.CharField(_("Consultant"), max_length=40, blank=True)
    tags = ArrayField(models.CharField(max_length=24), verbose_name=_("Tags"), default=list, blank=True)
    holds_material = models.BooleanField(_("Holds our leaflet or card"), null=True)
    knows_location = models.BooleanField(_("Knows our place and products"), null=True)
    has_no_grudge = models.BooleanField(_("Has no bad impression"), null=True)
    has_contact_plan = models.BooleanField(_("Has a plan of regular contact"), null=True)
    since = models.DateField(_("Since"))
    ended_on = models.DateField(_("Ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(category__in=Category.values), name="customers_relation_category"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")), name="customers_relation_forward"
            ),
            models.UniqueConstraint(
                fields=["customer", "outlet"], condition=Q(ended_on__isnull=True), name="customers_relation_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["outlet", "customer"], name="customers_relation_at", condition=Q(ended_on__isnull=True)
            ),
            models.Index(fields=["customer"], name="customers_relation_who"),
            models.Index(fields=["consultant"], name="customers_relation_of", condition=Q(consultant__isnull=False)),
            BrinIndex(fields=["run_id"], name="customers_relation_run"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.outlet_id}"

    @property
    def known_as(self) -> str:
        """What a customer is to an outlet, in words; so are namesakes told apart."""
        return f"{self.get_category_display()} · {self.outlet.name}"


class Association(Traced):
    """What one customer is to another: household, contact of a company, who recommended whom."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="associations")
    other = models.ForeignKey(Customer, models.CASCADE, related_name="associated")
    tie = models.CharField(_("Relation"), max_length=10, choices=Tie.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(customer=F("other")), name="customers_association_of_two"),
            models.UniqueConstraint(fields=["customer", "other", "tie"], name="customers_association_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tie} {self.other_id}"


class ExternalId(Traced):
    """The number of a customer in another system (INFO-13, INFO-22)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="external_ids")
    source = models.CharField(_("System"), max_length=40, db_collation="C")
    value = models.CharField(_("Number there"), max_length=60, db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "value"], name="customers_external_once")]
        indexes = [BrinIndex(fields=["run_id"], name="customers_external_run")]

    def __str__(self) -> str:
        return f"{self.source} {self.value}"


class Note(models.Model):
    """Something said or seen; read by the outlet that wrote it and by those above it."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="notes")
    outlet = models.ForeignKey(Node, models.PROTECT, null=True, db_index=False, related_name="+")
    body = models.TextField(_("Note"), max_length=2000)
    author_id = models.BigIntegerField(_("By"), null=True)
    author_name = models.CharField(_("By"), max_length=80)
    at = models.DateTimeField(_("When"))

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="customers_note_of")]

    def __str__(self) -> str:
        return f"note on {self.customer_id}"


class Attachment(models.Model):
    """A file that belongs to a customer; read by the outlet that added it and by those above it."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="attachments")
    outlet = models.ForeignKey(Node, models.PROTECT, null=True, db_index=False, related_name="+")
    name = models.CharField(_("File"), max_length=120)
    content_type = models.CharField(_("Type"), max_length=80)
    size = models.IntegerField(_("Size"))
    content = models.BinaryField()
    author_name = models.CharField(_("By"), max_length=80)
    at = models.DateTimeField(_("When"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__range=(1, 5_242_880)), name="customers_attachment_size")
        ]

    def __str__(self) -> str:
        return self.name


class Merge(models.Model):
    """Two records made one: what each was before and which rows moved, so that it can be undone (INFO-23)."""

    kept = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="merges")
    gone = models.ForeignKey(Customer, models.CASCADE, related_name="merged_away")
    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("By"), null=True)
    person_name = models.CharField(_("By"), max_length=80)
    before = models.JSONField()
    after = models.JSONField()
    moved = models.JSONField()
    undone_at = models.DateTimeField(_("Undone"), null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(kept=F("gone")), name="customers_merge_of_two")]
        indexes = [models.Index(fields=["kept", "-at"], name="customers_merge_kept")]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
