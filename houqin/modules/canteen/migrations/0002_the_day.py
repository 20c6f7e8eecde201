import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import houqin.core.tables.ids
import houqin.lib.codes


class Migration(migrations.Migration):
    dependencies = [
        ("canteen", "0001_initial"),
        ("files", "0001_initial"),
        ("orgs", "0001_initial"),
        ("parties", "0001_initial"),
        ("people", "0002_account_pin"),
        ("people", "__first__"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sick", "Sick"),
                            ("leave", "On leave"),
                            ("away", "Away"),
                            ("weekend", "Weekend leave"),
                        ],
                        max_length=8,
                        verbose_name="Reason",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="From")),
                ("last_on", models.DateField(verbose_name="Until")),
                ("recorded_at", models.DateTimeField(verbose_name="Recorded")),
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
                        verbose_name="School",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to="people.pupil",
                        verbose_name="Pupil",
                    ),
                ),
            ],
            options={
                "verbose_name": "Absence",
                "verbose_name_plural": "Absences",
                "ordering": ["-first_on", "-id"],
                "indexes": [
                    models.Index(fields=["org", "first_on", "last_on"], name="absence_by_day"),
                    models.Index(fields=["first_on"], name="absence_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="absence_ends_after_start",
                        violation_error_message="The last day comes after the first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CanteenCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="Holds from")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("own", "Run by the school"),
                            ("contracted", "Contracted out"),
                            ("ordered", "Meals ordered from outside"),
                            ("shared", "Shared with another school"),
                            ("none", "No meals"),
                        ],
                        max_length=12,
                        verbose_name="How it is run",
                    ),
                ),
                ("licence_number", models.CharField(blank=True, max_length=20, verbose_name="Food business licence")),
                ("licence_until", models.DateField(blank=True, null=True, verbose_name="Licence valid until")),
                ("area_m2", models.PositiveIntegerField(blank=True, null=True, verbose_name="Floor area")),
                ("seats", models.PositiveIntegerField(blank=True, null=True, verbose_name="Seats")),
                ("serves_breakfast", models.BooleanField(default=False, verbose_name="Breakfast")),
                ("serves_lunch", models.BooleanField(default=True, verbose_name="Lunch")),
                ("serves_dinner", models.BooleanField(default=False, verbose_name="Dinner")),
                ("nutrition_plan", models.BooleanField(default=False, verbose_name="Nutrition Improvement Programme")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="Why it changes")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Waits for the office"), ("agreed", "Registered"), ("declined", "Declined")],
                        default="agreed",
                        editable=False,
                        max_length=8,
                        verbose_name="State",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Recorded")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="Decided")),
                ("answer", models.CharField(blank=True, editable=False, max_length=200, verbose_name="Answer")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="By",
                    ),
                ),
                (
                    "caterer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="Contractor or caterer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Decided by",
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
            ],
            options={
                "verbose_name": "Canteen card",
                "verbose_name_plural": "Canteen cards",
                "ordering": ["-valid_from", "-id"],
                "indexes": [
                    models.Index(fields=["org", "valid_from"], name="card_by_day"),
                    models.Index(fields=["valid_from"], name="card_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("org",),
                        name="one_change_asked_at_a_time",
                        violation_error_message="A change waits for the office already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="Kind")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="Number")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                ("recorded_at", models.DateTimeField(verbose_name="Recorded")),
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
                ("lines", models.ManyToManyField(blank=True, related_name="certificates", to="canteen.deliveryline")),
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
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="Photo",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canteen.product",
                        verbose_name="Product",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="Supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "Certificate",
                "verbose_name_plural": "Certificates",
                "ordering": ["-recorded_at", "-id"],
                "indexes": [
                    models.Index(fields=["org", "supplier", "kind"], name="certificate_by_supplier"),
                    models.Index(fields=["recorded_at"], name="certificate_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True), ("photo__isnull", False), _connector="OR"
                        ),
                        name="certificate_says_something",
                        violation_error_message="Write the number or take a photo.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stocktake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="Number")),
                ("counted_on", models.DateField(verbose_name="Day")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Remark")),
                ("repeat_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("at", models.DateTimeField(verbose_name="Recorded")),
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
                        verbose_name="School",
                    ),
                ),
            ],
            options={
                "verbose_name": "Stock-take",
                "verbose_name_plural": "Stock-takes",
                "ordering": ["-counted_on", "-id"],
                "indexes": [models.Index(fields=["org", "counted_on"], name="stocktake_by_day")],
                "constraints": [models.UniqueConstraint(fields=("org", "number"), name="stocktake_number_once")],
            },
        ),
        migrations.CreateModel(
            name="StockEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="Number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("returned", "Returned to the supplier"),
                            ("exchanged", "Given back for exchange"),
                            ("written_off", "Written off"),
                            ("sent", "Sent to another school"),
                            ("received_from", "Received from another school"),
                            ("counted", "Difference found by counting"),
                        ],
                        max_length=14,
                        verbose_name="Kind",
                    ),
                ),
                ("day", models.DateField(verbose_name="Day")),
                ("grams", models.BigIntegerField(verbose_name="Weight")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                ("repeat_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("at", models.DateTimeField(verbose_name="Recorded")),
                ("arrived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Arrived")),
                ("must_sign", models.BooleanField(default=False, verbose_name="To be countersigned")),
                ("signed_at", models.DateTimeField(editable=False, null=True, verbose_name="Countersigned")),
                ("reversed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Reversed")),
                (
                    "reversal_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="Why reversed"),
                ),
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
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="canteen.lot",
                        verbose_name="Lot",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="School",
                    ),
                ),
                (
                    "other_org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Other school",
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="canteen.stockentry",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="Photo",
                    ),
                ),
                (
                    "replacement",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canteen.delivery",
                        verbose_name="Replaced by",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Countersigned by",
                    ),
                ),
                (
                    "stocktake",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="canteen.stocktake",
                    ),
                ),
            ],
            options={
                "verbose_name": "Stock entry",
                "verbose_name_plural": "Stock entries",
                "ordering": ["-day", "-id"],
                "indexes": [
                    models.Index(fields=["org", "day"], name="entry_by_day"),
                    models.Index(fields=["day"], name="entry_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("org", "number"), name="entry_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("grams", 0), _negated=True),
                        name="entry_weighs_something",
                        violation_error_message="The weight has to be more than nothing.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reversed_at__isnull", True)),
                        fields=("pair",),
                        name="transfer_received_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("right_grams", models.BigIntegerField(help_text="0: it never happened", verbose_name="Right weight")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Waits for a signature"), ("made", "Put right"), ("declined", "Declined")],
                        default="asked",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="Decided")),
                ("answer", models.CharField(blank=True, editable=False, max_length=200, verbose_name="Answer")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Asked by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Decided by",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="canteen.issue",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="canteen.deliveryline",
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
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="canteen.stockentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "Correction",
                "verbose_name_plural": "Corrections",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(fields=["org", "state"], name="correction_by_state"),
                    models.Index(fields=["asked_at"], name="correction_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", True), ("issue__isnull", True), ("line__isnull", False)),
                            models.Q(("entry__isnull", True), ("issue__isnull", False), ("line__isnull", True)),
                            models.Q(("entry__isnull", False), ("issue__isnull", True), ("line__isnull", True)),
                            _connector="OR",
                        ),
                        name="correction_of_one_thing",
                    ),
                    models.CheckConstraint(condition=models.Q(("right_grams__gte", 0)), name="correction_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodsCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="Barcode")),
                ("pack_grams", models.PositiveIntegerField(blank=True, null=True, verbose_name="Content of a pack")),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Kept by",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="canteen.product",
                        verbose_name="Product",
                    ),
                ),
            ],
            options={
                "verbose_name": "Barcode",
                "verbose_name_plural": "Barcodes",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["code"], name="goods_code")],
                "constraints": [models.UniqueConstraint(fields=("org", "code"), name="goods_code_once")],
            },
        ),
        migrations.CreateModel(
            name="MealCheck",
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
                            ("core", "Core temperature"),
                            ("tasted", "Tasted"),
                            ("serving", "Serving begun"),
                            ("served", "Serving ended"),
                        ],
                        max_length=8,
                        verbose_name="Check",
                    ),
                ),
                ("dish", models.CharField(blank=True, max_length=60, verbose_name="Dish")),
                (
                    "tenths",
                    models.SmallIntegerField(blank=True, help_text="0.1 °C", null=True, verbose_name="Temperature"),
                ),
                ("passed", models.BooleanField(default=True, verbose_name="In order")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Remark")),
                ("at", models.DateTimeField(verbose_name="Checked")),
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
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="canteen.meal",
                        verbose_name="Meal",
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
            ],
            options={
                "verbose_name": "Check of a meal",
                "verbose_name_plural": "Checks of meals",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["org", "at"], name="meal_check_by_time")],
            },
        ),
        migrations.CreateModel(
            name="MenuChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("dropped", models.CharField(blank=True, max_length=60, verbose_name="Not cooked")),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("power", "Power cut"),
                            ("gas", "Gas cut"),
                            ("water", "Water cut"),
                            ("supplier", "Supplier late or goods refused"),
                            ("recall", "Goods frozen"),
                            ("equipment", "Equipment broken"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="Reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Remark")),
                ("at", models.DateTimeField(verbose_name="Recorded")),
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
                    "added",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canteen.mealdish",
                        verbose_name="Cooked instead",
                    ),
                ),
                (
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="canteen.meal",
                        verbose_name="Meal",
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
            ],
            options={
                "verbose_name": "Menu change",
                "verbose_name_plural": "Menu changes",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["at"], name="menu_change_at")],
            },
        ),
        migrations.CreateModel(
            name="NightRoll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("night", models.DateField(verbose_name="Night")),
                ("present", models.PositiveIntegerField(verbose_name="Present")),
                ("on_roll", models.PositiveIntegerField(verbose_name="Boarders")),
                ("recorded_at", models.DateTimeField(verbose_name="Recorded")),
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
                    "class_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.classgroup",
                        verbose_name="Class",
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
            ],
            options={
                "verbose_name": "Night roll",
                "verbose_name_plural": "Night rolls",
                "ordering": ["-night", "class_group"],
                "indexes": [models.Index(fields=["org", "night"], name="night_roll_by_day")],
                "constraints": [models.UniqueConstraint(fields=("class_group", "night"), name="night_roll_once")],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("dish", models.CharField(max_length=60, verbose_name="Dish")),
                ("grams", models.PositiveIntegerField(verbose_name="Weight")),
                ("taken_at", models.DateTimeField(verbose_name="Taken")),
                ("keep_until", models.DateTimeField(verbose_name="Not to be disposed of before")),
                ("box", models.CharField(blank=True, max_length=20, verbose_name="Box")),
                (
                    "tenths",
                    models.SmallIntegerField(
                        blank=True, help_text="0.1 °C", null=True, verbose_name="Temperature of the refrigerator"
                    ),
                ),
                (
                    "label_code",
                    models.CharField(
                        default=houqin.lib.codes.label_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                        verbose_name="Label code",
                    ),
                ),
                ("written_number", models.CharField(blank=True, max_length=20, verbose_name="Number on the label")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="Warnings")),
                (
                    "disposed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Disposed of"),
                ),
                ("disposal_note", models.CharField(blank=True, editable=False, max_length=200, verbose_name="How")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Taken by",
                    ),
                ),
                (
                    "disposed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Disposed of by",
                    ),
                ),
                (
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="canteen.meal",
                        verbose_name="Meal",
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
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                        verbose_name="Refrigerator",
                    ),
                ),
            ],
            options={
                "verbose_name": "Sample",
                "verbose_name_plural": "Samples",
                "ordering": ["-taken_at", "-id"],
                "indexes": [
                    models.Index(fields=["org", "taken_at"], name="sample_by_time"),
                    models.Index(fields=["taken_at"], name="sample_at"),
                    models.Index(condition=models.Q(("disposed_at__isnull", True)), fields=["org"], name="sample_kept"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meal", "dish"),
                        name="sample_once_a_dish",
                        violation_error_message="A sample of this dish is kept already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("grams__gt", 0)), name="sample_weighs_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StocktakeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("booked_grams", models.BigIntegerField(verbose_name="By the books")),
                ("found_grams", models.BigIntegerField(verbose_name="Found")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canteen.lot",
                        verbose_name="Lot",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                (
                    "stocktake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="canteen.stocktake"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stocktake", "lot"), name="lot_counted_once"),
                    models.CheckConstraint(condition=models.Q(("found_grams__gte", 0)), name="found_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TurnedAway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("refused_on", models.DateField(verbose_name="Day")),
                ("quantity_grams", models.BigIntegerField(verbose_name="Weight")),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("expired", "Past its date"),
                            ("no_date", "No production date on the pack"),
                            ("no_certificate", "Certificate missing"),
                            ("temperature", "Too warm"),
                            ("senses", "Looks or smells bad"),
                            ("damaged", "Pack broken"),
                            ("not_ordered", "Not what was ordered"),
                            ("too_much", "More than ordered"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                        verbose_name="Reason",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="In words")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("returned", "Returned on the spot"), ("destroyed", "Destroyed on the spot")],
                        max_length=10,
                        verbose_name="What became of it",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turned_away",
                        to="canteen.delivery",
                        verbose_name="Delivery",
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
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="Photo",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canteen.product",
                        verbose_name="Product",
                    ),
                ),
            ],
            options={
                "verbose_name": "Goods turned away",
                "verbose_name_plural": "Goods turned away",
                "ordering": ["-refused_on", "-id"],
                "indexes": [
                    models.Index(fields=["org", "refused_on"], name="turned_away_by_day"),
                    models.Index(fields=["refused_on"], name="turned_away_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity_grams__gt", 0)),
                        name="turned_away_weighs_something",
                        violation_error_message="The weight has to be more than nothing.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Voucher",
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
                            ("acceptance", "Acceptance sheet"),
                            ("receipt", "Goods-received note"),
                            ("issue", "Goods-issued note"),
                            ("settlement", "Monthly settlement"),
                        ],
                        max_length=12,
                        verbose_name="Form",
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="Number")),
                ("day", models.DateField(help_text="of a settlement: the last day of its month", verbose_name="Day")),
                ("made_at", models.DateTimeField(verbose_name="Numbered")),
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
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouchers",
                        to="canteen.delivery",
                    ),
                ),
                (
                    "meal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouchers",
                        to="canteen.meal",
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
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="Supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "Form",
                "verbose_name_plural": "Forms",
                "ordering": ["-day", "-number"],
                "indexes": [
                    models.Index(fields=["org", "day"], name="voucher_by_day"),
                    models.Index(fields=["day"], name="voucher_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("org", "number"), name="voucher_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("delivery__isnull", False)),
                        fields=("kind", "delivery"),
                        name="voucher_once_a_delivery",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("meal__isnull", False)), fields=("kind", "meal"), name="voucher_once_a_meal"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supplier__isnull", False)),
                        fields=("org", "supplier", "day"),
                        name="settlement_once_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[],
            options={
                "verbose_name": "Goods from another school",
                "verbose_name_plural": "Goods from other schools",
                "ordering": ["-day", "-id"],
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("canteen.stockentry",),
        ),
        migrations.RemoveConstraint(
            model_name="headcount",
            name="headcount_of_all_once",
        ),
        migrations.AddField(
            model_name="delivery",
            name="accepted_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Accepted by",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="Remark"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="repeat_key",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="signed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="Signed"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="signed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Second signature",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="signed_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("own", "On their own phone"),
                    ("pin", "By PIN on this phone"),
                    ("countersign", "Countersigned by the principal"),
                ],
                editable=False,
                max_length=12,
                verbose_name="How signed",
            ),
        ),
        migrations.AddField(
            model_name="deliveryline",
            name="condition",
            field=models.CharField(blank=True, max_length=200, verbose_name="Accepted on condition"),
        ),
        migrations.AddField(
            model_name="deliveryline",
            name="condition_due_on",
            field=models.DateField(blank=True, null=True, verbose_name="To be met by"),
        ),
        migrations.AddField(
            model_name="deliveryline",
            name="condition_met_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Met"),
        ),
        migrations.AddField(
            model_name="deliveryline",
            name="tenths",
            field=models.SmallIntegerField(blank=True, help_text="0.1 °C", null=True, verbose_name="Temperature"),
        ),
        migrations.AddField(
            model_name="headcount",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="By",
            ),
        ),
        migrations.AddField(
            model_name="headcount",
            name="away",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="Away"),
        ),
        migrations.AddField(
            model_name="headcount",
            name="kind",
            field=models.CharField(
                choices=[("pupils", "Pupils"), ("staff", "Staff"), ("guests", "Guests")],
                default="pupils",
                max_length=6,
                verbose_name="Who",
            ),
        ),
        migrations.AddField(
            model_name="headcount",
            name="leave",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="On leave"),
        ),
        migrations.AddField(
            model_name="headcount",
            name="on_roll",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="On the roll"),
        ),
        migrations.AddField(
            model_name="headcount",
            name="reported_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Reported"),
        ),
        migrations.AddField(
            model_name="headcount",
            name="sick",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="Sick"),
        ),
        migrations.AddField(
            model_name="issue",
            name="urgent_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="Why before the second signature"),
        ),
        migrations.AddField(
            model_name="mealdish",
            name="like",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="canteen.menudish",
                verbose_name="Weighed like",
            ),
        ),
        migrations.AddField(
            model_name="recalllot",
            name="gone_grams",
            field=models.BigIntegerField(default=0, verbose_name="Returned, written off or sent on"),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("issued", "Issued"),
                    ("reversed", "Reversed"),
                    ("entered", "Entered"),
                ],
                max_length=10,
                verbose_name="Kind",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("origin", "live"), ("signed_at__isnull", True)),
                fields=["org"],
                name="delivery_unsigned",
            ),
        ),
        migrations.AddConstraint(
            model_name="headcount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("class_group__isnull", True)), fields=("meal", "kind"), name="headcount_of_all_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="headcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("class_group__isnull", True), ("kind", "pupils"), _connector="OR"),
                name="classes_are_of_pupils",
            ),
        ),
        migrations.AddField(
            model_name="stockmove",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="canteen.stockentry",
            ),
        ),
        migrations.AddIndex(
            model_name="stockmove",
            index=models.Index(fields=["entry"], name="move_by_entry"),
        ),
    ]
