import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import houqin.core.tables.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_initial"),
        ("people", "0003_posts_by_kind"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="Title")),
                ("year", models.PositiveSmallIntegerField(verbose_name="Year")),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
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
                        verbose_name="For units",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        blank=True,
                        help_text="a code of the catalogue posts",
                        max_length=40,
                        verbose_name="For the post",
                    ),
                ),
                ("business", models.TextField(verbose_name="Duties of the work")),
                ("safety", models.TextField(verbose_name="Duties of safety")),
                ("integrity", models.TextField(verbose_name="Duties of integrity")),
                ("targets", models.TextField(blank=True, verbose_name="Targets")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="Basis")),
                ("set_at", models.DateTimeField(verbose_name="Written")),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Ended")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="By",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Issuing unit",
                    ),
                ),
                (
                    "renews",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="letters.pattern",
                        verbose_name="Renews",
                    ),
                ),
            ],
            options={
                "verbose_name": "Text of a letter",
                "verbose_name_plural": "Texts of letters",
                "ordering": ["-year", "org__path", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unit_kind", ""), ("post", ""), _connector="XOR"),
                        name="letter_for_units_or_a_post",
                        violation_error_message="A letter is for units or for a post.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("org", "title", "year"),
                        name="letter_text_once",
                        violation_error_message="There is a text of this title for this year already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("renews",),
                        name="letter_text_renewed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("issued_at", models.DateTimeField(verbose_name="Sent out")),
                ("due_on", models.DateField(verbose_name="Sign until")),
                (
                    "state",
                    models.CharField(
                        choices=[("issued", "To be signed"), ("signed", "Signed already"), ("withdrawn", "Withdrawn")],
                        default="issued",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("signed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Signed")),
                ("signed_name", models.CharField(blank=True, editable=False, max_length=60, verbose_name="Signed by")),
                (
                    "signed_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "On the own account"),
                            ("pin", "By PIN on a colleague's phone"),
                            ("paper", "On paper"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="How",
                    ),
                ),
                ("content", models.TextField(blank=True, editable=False, verbose_name="As signed")),
                ("salt", models.CharField(blank=True, editable=False, max_length=32)),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Withdrawn")),
                (
                    "withdrawn_why",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="Why withdrawn"),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Issued by",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="Person",
                    ),
                ),
                (
                    "renews",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="letters.letter",
                        verbose_name="Follows",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Signed by",
                    ),
                ),
                (
                    "pattern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="letters.pattern",
                        verbose_name="Text",
                    ),
                ),
            ],
            options={
                "verbose_name": "Responsibility letter",
                "verbose_name_plural": "Responsibility letters",
                "ordering": ["-issued_at", "-id"],
                "indexes": [models.Index(fields=["org", "state"], name="letter_by_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", True), models.Q(("state", "withdrawn"), _negated=True)),
                        fields=("pattern", "org"),
                        name="letter_once_for_a_unit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False), models.Q(("state", "withdrawn"), _negated=True)),
                        fields=("pattern", "org", "person"),
                        name="letter_once_for_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "signed"), _negated=True),
                            models.Q(("signed_at__isnull", False), models.Q(("content", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="letter_signed_whole",
                    ),
                ],
            },
        ),
    ]
