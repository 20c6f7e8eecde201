import datetime

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import houqin.core.tables.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OrgUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("district", "District"),
                            ("town", "Town (central school)"),
                            ("school", "School"),
                            ("campus", "Campus"),
                            ("canteen", "Canteen"),
                            ("dormitory", "Dormitory"),
                            ("fleet", "Bus fleet"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                (
                    "path",
                    models.CharField(
                        editable=False,
                        max_length=64,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^(\\d{4})+$")],
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=18, verbose_name="School code")),
                ("opened_on", models.DateField(default=datetime.date(2000, 1, 1), verbose_name="Opened on")),
                ("closed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="Closed on")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="orgs.orgunit",
                        verbose_name="Belongs to",
                    ),
                ),
            ],
            options={
                "verbose_name": "Unit",
                "verbose_name_plural": "Units",
                "ordering": ["path"],
                "indexes": [
                    models.Index(fields=["kind", "path"], name="org_kind_path"),
                    models.Index(fields=["name"], name="org_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=("parent", "name"),
                        name="org_name_once_under_parent",
                        violation_error_message="A unit of this name already exists there.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("code", ""), _negated=True), ("closed_on__isnull", True)),
                        fields=("code",),
                        name="org_code_once",
                        violation_error_message="Another unit already has this code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                        ),
                        name="org_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="Holds from")),
                ("school_type", models.CharField(blank=True, max_length=20, verbose_name="Type of school")),
                ("classes", models.PositiveIntegerField(default=0, verbose_name="Classes")),
                ("enrolment", models.PositiveIntegerField(default=0, verbose_name="Pupils")),
                ("boarders", models.PositiveIntegerField(default=0, verbose_name="Boarders")),
                ("staff", models.PositiveIntegerField(default=0, verbose_name="Staff")),
                (
                    "canteen_mode",
                    models.CharField(
                        choices=[
                            ("own", "Run by the school"),
                            ("contracted", "Contracted out"),
                            ("ordered", "Meals ordered from outside"),
                            ("shared", "Shared with another school"),
                            ("none", "No meals"),
                        ],
                        default="own",
                        max_length=12,
                        verbose_name="Canteen",
                    ),
                ),
                ("principal_name", models.CharField(blank=True, max_length=40, verbose_name="Head of school")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Telephone")),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="orgs.orgunit"
                    ),
                ),
            ],
            options={
                "verbose_name": "School facts",
                "ordering": ["-valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("org", "valid_from"), name="facts_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("boarders__lte", models.F("enrolment"))),
                        name="facts_boarders_within_enrolment",
                        violation_error_message="There cannot be more boarders than pupils.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[("merged", "Merged"), ("split", "Split")], max_length=8, verbose_name="How"
                    ),
                ),
                ("on", models.DateField(verbose_name="On")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="came_from", to="orgs.orgunit"
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="went_on_in", to="orgs.orgunit"
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [models.UniqueConstraint(fields=("before", "after"), name="succession_once")],
            },
        ),
    ]
