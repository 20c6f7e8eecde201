import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import houqin.core.tables.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("data", models.BinaryField(verbose_name="The file itself")),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
            ],
            options={
                "verbose_name": "Spreadsheet as handed in",
                "constraints": [models.UniqueConstraint(fields=("org", "sha256"), name="import_bytes_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("folder", models.CharField(blank=True, max_length=200, verbose_name="Folder")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("ready", "Waits for you"),
                            ("writing", "Being written"),
                            ("done", "Written"),
                            ("failed", "Failed"),
                            ("discarded", "Discarded"),
                        ],
                        default="reading",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="Handed in")),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Finished")),
                ("decisions", models.JSONField(default=dict, editable=False)),
                ("result", models.JSONField(default=dict, editable=False)),
                ("problem", models.JSONField(editable=False, null=True)),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Under",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Handed in by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Import",
                "verbose_name_plural": "Imports",
                "ordering": ["-started_at"],
                "indexes": [models.Index(fields=["org", "-started_at"], name="import_by_org")],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("path", models.CharField(max_length=400, verbose_name="File")),
                ("size", models.PositiveBigIntegerField(verbose_name="Size")),
                ("sha256", models.CharField(max_length=64)),
                ("format", models.CharField(blank=True, editable=False, max_length=8)),
                ("understood", models.JSONField(default=list, editable=False)),
                ("problem", models.JSONField(editable=False, null=True)),
                (
                    "content",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sheets.importcontent",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="sheets.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
                "constraints": [models.UniqueConstraint(fields=("run", "path"), name="import_path_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(max_length=120, verbose_name="Sheet")),
                ("position", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField(verbose_name="Line")),
                ("place", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("staged", "Can be written"),
                            ("rejected", "Goes back"),
                            ("created", "New"),
                            ("changed", "Corrected"),
                            ("unchanged", "Known already"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("school", models.CharField(blank=True, max_length=120, verbose_name="School")),
                ("school_key", models.CharField(blank=True, max_length=120)),
                ("cells", models.JSONField(default=list, verbose_name="Cells as they stood")),
                ("values", models.JSONField(default=dict, verbose_name="What was read")),
                ("warnings", models.JSONField(default=list)),
                ("problems", models.JSONField(default=list)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="sheets.importfile"
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="sheets.importrun"
                    ),
                ),
            ],
            options={
                "verbose_name": "Line of an import",
                "ordering": ["file", "position"],
                "indexes": [models.Index(fields=["run", "state"], name="import_row_state")],
            },
        ),
        migrations.CreateModel(
            name="ImportProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("sort", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("same_as", models.CharField(blank=True, max_length=120, verbose_name="Same as")),
                ("is_sure", models.BooleanField(default=True)),
                ("why", models.JSONField(default=dict)),
                (
                    "decision",
                    models.CharField(
                        choices=[("accept", "Accepted"), ("apart", "Kept apart")],
                        default="accept",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("was_applied", models.BooleanField(default=False, editable=False)),
                ("undone_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="sheets.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "name"],
                "constraints": [models.UniqueConstraint(fields=("run", "sort", "name"), name="proposal_once")],
            },
        ),
        migrations.CreateModel(
            name="RecordedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64)),
                ("ordinal", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(max_length=64)),
                ("target", models.UUIDField()),
                ("day", models.DateField(null=True)),
                ("source", models.CharField(max_length=300)),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                (
                    "reversed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sheets.importrun"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recorded", to="sheets.importrun"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["org", "kind", "source"], name="recorded_by_source")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reversed_by__isnull", True)),
                        fields=("org", "kind", "key", "ordinal"),
                        name="recorded_once",
                    )
                ],
            },
        ),
    ]
