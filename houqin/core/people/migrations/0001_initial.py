import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import houqin.core.tables.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("f", "Female"), ("m", "Male"), ("", "Not stated")],
                        default="",
                        max_length=1,
                        verbose_name="Sex",
                    ),
                ),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Year of birth")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Telephone")),
                ("left_on", models.DateField(blank=True, editable=False, null=True, verbose_name="Left on")),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="persons",
                        to="orgs.orgunit",
                        verbose_name="Unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "Person",
                "verbose_name_plural": "Staff",
                "ordering": ["org__path", "name"],
                "indexes": [models.Index(fields=["name"], name="person_name")],
            },
        ),
        migrations.CreateModel(
            name="ClassGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="Class")),
                ("grade", models.CharField(blank=True, max_length=20, verbose_name="Grade")),
                ("school_year", models.PositiveSmallIntegerField(verbose_name="School year")),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="classes",
                        to="orgs.orgunit",
                        verbose_name="School",
                    ),
                ),
                (
                    "teacher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="classes",
                        to="people.person",
                        verbose_name="Class teacher",
                    ),
                ),
            ],
            options={
                "verbose_name": "Class",
                "verbose_name_plural": "Classes",
                "ordering": ["org__path", "-school_year", "grade", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("org", "school_year", "name"), name="class_once_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="User name",
                    ),
                ),
                ("display_name", models.CharField(max_length=60, verbose_name="Name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Telephone")),
                ("language", models.CharField(default="zh-hans", max_length=10, verbose_name="Language")),
                ("is_active", models.BooleanField(default=True, editable=False, verbose_name="Open")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="Opened")),
                (
                    "home",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="orgs.orgunit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account",
                        to="people.person",
                        verbose_name="Person",
                    ),
                ),
            ],
            options={
                "verbose_name": "Account",
                "verbose_name_plural": "Accounts",
                "ordering": ["username"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"), name="account_name_any_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(default="other", max_length=40, verbose_name="Kind of post")),
                ("title", models.CharField(max_length=40, verbose_name="Post")),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="orgs.orgunit",
                        verbose_name="Unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "Post",
                "ordering": ["org__path", "title"],
                "constraints": [models.UniqueConstraint(fields=("org", "title"), name="post_once_in_unit")],
            },
        ),
        migrations.CreateModel(
            name="PostHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="From")),
                ("to_on", models.DateField(blank=True, editable=False, null=True, verbose_name="Until")),
                ("is_deputy", models.BooleanField(default=False, verbose_name="Deputy")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="people.person",
                        verbose_name="Person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="people.post",
                        verbose_name="Post",
                    ),
                ),
            ],
            options={
                "verbose_name": "Post held",
                "ordering": ["-from_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "person", "from_on"), name="holding_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True), ("to_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="holding_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pupil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("f", "Female"), ("m", "Male"), ("", "Not stated")],
                        default="",
                        max_length=1,
                        verbose_name="Sex",
                    ),
                ),
                ("is_boarder", models.BooleanField(default=False, verbose_name="Boarder")),
                ("enrolled_on", models.DateField(verbose_name="On the roll from")),
                ("left_on", models.DateField(blank=True, editable=False, null=True, verbose_name="Left on")),
                (
                    "class_group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pupils",
                        to="people.classgroup",
                        verbose_name="Class",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pupils",
                        to="orgs.orgunit",
                        verbose_name="School",
                    ),
                ),
            ],
            options={
                "verbose_name": "Pupil",
                "verbose_name_plural": "Pupils",
                "ordering": ["org__path", "class_group", "name"],
                "indexes": [models.Index(fields=["org", "name"], name="pupil_in_school")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True), ("left_on__gte", models.F("enrolled_on")), _connector="OR"
                        ),
                        name="pupil_leaves_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("relation", models.CharField(blank=True, max_length=20, verbose_name="Relation")),
                ("ended_on", models.DateField(blank=True, editable=False, null=True, verbose_name="Until")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guardianships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="guardianships", to="people.pupil"
                    ),
                ),
            ],
            options={
                "verbose_name": "Guardianship",
                "constraints": [models.UniqueConstraint(fields=("account", "pupil"), name="guardian_once")],
            },
        ),
    ]
