import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import houqin.core.tables.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("orgs", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="Title")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="Text")),
                ("basis", models.CharField(max_length=300, verbose_name="Why it is asked, and on which basis")),
                ("due_days", models.PositiveSmallIntegerField(default=5, verbose_name="Days to answer")),
                (
                    "days_counted",
                    models.CharField(
                        choices=[("working", "working days"), ("calendar", "calendar days")],
                        default="working",
                        max_length=8,
                        verbose_name="Counted in",
                    ),
                ),
                ("several_rows", models.BooleanField(default=False, verbose_name="A school may write several rows")),
                (
                    "again_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="Why it is asked again"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("open", "Out to schools"), ("closed", "Closed")],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="State",
                    ),
                ),
                ("made_at", models.DateTimeField(editable=False, verbose_name="Written on")),
                ("due_on", models.DateField(editable=False, null=True, verbose_name="To be answered by")),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="Sent out")),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="Closed")),
                ("chosen", models.ManyToManyField(related_name="+", to="orgs.orgunit", verbose_name="Schools")),
                (
                    "closed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="collect.collection",
                        verbose_name="Last time",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Written by",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Asking office",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Sent out by",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="Template",
                    ),
                ),
            ],
            options={
                "verbose_name": "Collection",
                "verbose_name_plural": "Collections",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["org", "state"], name="collection_by_unit"),
                    models.Index(fields=["sent_at"], name="collection_by_sending"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("due_on__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="collection_sent_is_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionColumn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=60, verbose_name="Column")),
                ("label_key", models.CharField(editable=False, max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("count", "Whole number"),
                            ("number", "Number with decimals"),
                            ("money", "Money"),
                            ("yes_no", "Yes or no"),
                            ("choice", "One of several"),
                            ("date", "Day"),
                        ],
                        default="count",
                        max_length=8,
                        verbose_name="Kind",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="Unit")),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                ("choices", models.JSONField(blank=True, default=list)),
                ("needed", models.BooleanField(default=True, verbose_name="Must be filled in")),
                ("known", models.CharField(blank=True, max_length=60, verbose_name="Filled in by the system")),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="columns", to="collect.collection"
                    ),
                ),
            ],
            options={
                "verbose_name": "Column",
                "ordering": ["collection", "position"],
                "indexes": [
                    models.Index(fields=["label_key", "kind"], name="collection_column_label"),
                    models.Index(fields=["known"], name="collection_column_known"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "position"), name="collection_column_place"),
                    models.UniqueConstraint(
                        fields=("collection", "label_key"),
                        name="collection_column_once",
                        violation_error_message="A column of this name stands there already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Not read yet"),
                            ("read", "Read, not answered"),
                            ("sent", "Answered"),
                            ("back", "Sent back to be put right"),
                            ("taken", "Taken over"),
                        ],
                        default="new",
                        editable=False,
                        max_length=6,
                        verbose_name="State",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="To be answered by")),
                ("read_at", models.DateTimeField(editable=False, null=True, verbose_name="Read")),
                ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="Answered")),
                ("answered_on", models.DateField(editable=False, help_text="the local day of the deed", null=True)),
                ("late_because", models.CharField(blank=True, max_length=200, verbose_name="Why late")),
                ("taken_at", models.DateTimeField(editable=False, null=True, verbose_name="Taken over")),
                ("back_at", models.DateTimeField(editable=False, null=True)),
                (
                    "back_words",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="What is to be put right"
                    ),
                ),
                (
                    "more_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("asked", "More time asked for"),
                            ("agreed", "More time given"),
                            ("declined", "No more time"),
                        ],
                        default="",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("more_until", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("more_because", models.CharField(blank=True, max_length=200, verbose_name="Why more time is needed")),
                ("more_words", models.CharField(blank=True, max_length=200)),
                ("reminded_on", models.DateField(editable=False, null=True, verbose_name="Reminded")),
                (
                    "answered_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Answered by",
                    ),
                ),
                (
                    "back_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="collect.collection",
                        verbose_name="Notice",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="School",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Table to fill in",
                "verbose_name_plural": "Tables to fill in",
                "ordering": ["-collection__sent_at", "org__path"],
                "indexes": [models.Index(fields=["org", "state", "due_on"], name="collection_return_waits")],
                "constraints": [models.UniqueConstraint(fields=("collection", "org"), name="collection_return_once")],
            },
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveSmallIntegerField(default=0)),
                ("figure", models.BigIntegerField(null=True)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("day", models.DateField(null=True)),
                (
                    "as_known",
                    models.BooleanField(default=False, help_text="the school left what the system had filled in"),
                ),
                (
                    "remark",
                    models.CharField(blank=True, help_text="what the office wants put right here", max_length=200),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cells", to="collect.collectioncolumn"
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cells", to="collect.return"
                    ),
                ),
            ],
            options={
                "ordering": ["of", "line", "column__position"],
                "indexes": [models.Index(fields=["column", "of"], name="collection_cell_sums")],
                "constraints": [models.UniqueConstraint(fields=("of", "column", "line"), name="collection_cell_once")],
            },
        ),
    ]
