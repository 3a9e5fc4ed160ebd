import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact_centre", "0002_row_security"),
        ("customers", "0009_doors"),
        ("network", "0002_row_security"),
        ("rectification", "0002_row_security"),
        ("vehicles", "0004_doors"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnquiryCategory",
            fields=[
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, default="", max_length=160, verbose_name="English name")),
                ("code", models.CharField(max_length=24, primary_key=True, serialize=False, verbose_name="Code")),
                (
                    "angle",
                    models.CharField(
                        choices=[("SALES", "Sales"), ("SERVICE", "Service"), ("PRODUCT", "Product")],
                        max_length=8,
                        verbose_name="Whose matter",
                    ),
                ),
                ("answer_days", models.SmallIntegerField(verbose_name="Answered within (working days)")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=40, verbose_name="Preset")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rectification.department",
                        verbose_name="Department",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(unique=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("PHONE", "By telephone"),
                            ("WECHAT", "WeChat"),
                            ("EMAIL", "E-mail"),
                            ("WEB", "Web form or forum"),
                            ("VISIT", "In person"),
                        ],
                        default="PHONE",
                        max_length=8,
                        verbose_name="Came in",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="Number of the caller")),
                ("caller", models.CharField(blank=True, max_length=80, verbose_name="Name of the caller")),
                (
                    "kind",
                    models.CharField(
                        choices=[("QUESTION", "Question"), ("SUGGESTION", "Suggestion"), ("FEEDBACK", "Feedback")],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("words", models.TextField(max_length=2000, verbose_name="What the customer said")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="What he was told at once")),
                ("is_first_contact", models.BooleanField(verbose_name="Resolved in the first contact")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WITH_DEPARTMENT", "With the department"),
                            ("TO_REPLY", "Answered, customer to be told"),
                            ("CLOSED", "Customer was told"),
                        ],
                        max_length=16,
                        verbose_name="State",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="Answer due")),
                ("reply", models.TextField(blank=True, max_length=2000, verbose_name="Answer of the department")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="Reason")),
                ("started_at", models.DateTimeField(verbose_name="Began")),
                ("taken_at", models.DateTimeField(verbose_name="Taken")),
                ("taken_by_id", models.BigIntegerField(null=True, verbose_name="Taken by")),
                ("taken_by", models.CharField(max_length=160, verbose_name="Taken by")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="Answered")),
                ("answered_by", models.CharField(blank=True, max_length=160, verbose_name="Answered by")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="Customer told")),
                ("closed_by", models.CharField(blank=True, max_length=160, verbose_name="Told by")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rectification.department",
                        verbose_name="Department",
                    ),
                ),
                (
                    "outlet",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.node",
                        verbose_name="Outlet",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.node",
                        verbose_name="Taken at",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vehicles.vehicle",
                        verbose_name="Car",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contact_centre.enquirycategory",
                        verbose_name="Category",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="enquirycategory",
            constraint=models.CheckConstraint(
                condition=models.Q(("angle__in", ["SALES", "SERVICE", "PRODUCT"]), ("answer_days__range", (1, 60))),
                name="contact_centre_category_sound",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["-taken_at", "-id"], name="contact_centre_enquiry_when"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["place", "-taken_at", "-id"], name="contact_centre_enquiry_from"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["outlet", "-taken_at", "-id"], name="contact_centre_enquiry_at"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer", "-taken_at"],
                name="contact_centre_enquiry_of",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("number", ""), _negated=True),
                fields=["number", "-taken_at"],
                name="contact_centre_enquiry_by",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("state__in", ("WITH_DEPARTMENT", "TO_REPLY"))),
                fields=["due_at"],
                name="contact_centre_enquiry_due",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("vehicle__isnull", False)), fields=["vehicle"], name="contact_centre_enquiry_car"
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["QUESTION", "SUGGESTION", "FEEDBACK"]),
                    ("state__in", ["WITH_DEPARTMENT", "TO_REPLY", "CLOSED"]),
                    ("way__in", ["PHONE", "WECHAT", "EMAIL", "WEB", "VISIT"]),
                ),
                name="contact_centre_enquiry_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="contact_centre_enquiry_said"
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(("started_at__lte", models.F("taken_at"))), name="contact_centre_enquiry_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_first_contact", True),
                        ("department__isnull", True),
                        ("due_at__isnull", True),
                        ("reply", ""),
                        ("state", "CLOSED"),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    models.Q(
                        ("is_first_contact", False),
                        ("department__isnull", False),
                        ("due_at__isnull", False),
                        ("outlet__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="contact_centre_enquiry_at_once_or_passed_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "CLOSED")),
                    models.Q(models.Q(("state", "CLOSED"), _negated=True), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="contact_centre_enquiry_closed_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("reply", ""), ("state", "WITH_DEPARTMENT")),
                    ("is_first_contact", True),
                    models.Q(
                        models.Q(("state", "WITH_DEPARTMENT"), _negated=True),
                        ("answered_at__isnull", False),
                        models.Q(("reply", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="contact_centre_enquiry_answered",
            ),
        ),
    ]
