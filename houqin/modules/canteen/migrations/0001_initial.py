import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import houqin.core.tables.ids
import houqin.core.tables.partitions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_initial"),
        ("parties", "0001_initial"),
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("subjects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="Number")),
                ("delivered_on", models.DateField(verbose_name="Day")),
                (
                    "origin",
                    models.CharField(
                        choices=[("live", "Recorded at the time"), ("paper", "From paper")],
                        max_length=6,
                        verbose_name="Origin",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="Recorded")),
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
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="parties.party",
                        verbose_name="Supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "Delivery",
                "verbose_name_plural": "Deliveries",
                "ordering": ["-delivered_on", "org__path", "-id"],
                "indexes": [
                    models.Index(fields=["org", "delivered_on"], name="delivery_by_day"),
                    models.Index(fields=["delivered_on"], name="delivery_day"),
                    models.Index(fields=["supplier", "delivered_on"], name="delivery_by_supplier"),
                ],
                "constraints": [models.UniqueConstraint(fields=("org", "number"), name="delivery_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("grain", "Grain"),
                            ("meat", "Meat"),
                            ("poultry", "Poultry"),
                            ("egg", "Eggs"),
                            ("fish", "Fish"),
                            ("milk", "Milk"),
                            ("soy", "Soy products"),
                            ("vegetable", "Vegetables"),
                            ("fruit", "Fruit"),
                            ("oil", "Oil"),
                            ("seasoning", "Seasoning"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                        verbose_name="Category",
                    ),
                ),
                (
                    "shelf_life_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Usual shelf life (days)"),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="canteen.product",
                        verbose_name="Same as",
                    ),
                ),
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
                    "root",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="canteen.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "Product",
                "verbose_name_plural": "Products",
                "ordering": ["name"],
                "indexes": [models.Index(fields=["name"], name="product_name")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org", "name"),
                        name="product_once_in_unit",
                        violation_error_message="This name is recorded here already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="Number")),
                ("is_drill", models.BooleanField(default=False, verbose_name="Drill")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for the second person"),
                            ("open", "Under way"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("produced_on", models.DateField(blank=True, null=True, verbose_name="Produced")),
                ("batch", models.CharField(blank=True, max_length=40, verbose_name="Batch")),
                ("reason", models.TextField(verbose_name="Reason")),
                ("proposed_at", models.DateTimeField(verbose_name="Prepared")),
                ("launched_at", models.DateTimeField(editable=False, null=True, verbose_name="Launched")),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="Ended")),
                ("withdrawn_reason", models.TextField(blank=True, editable=False, verbose_name="Why withdrawn")),
                ("report", models.TextField(blank=True, editable=False, verbose_name="Report")),
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
                    "launched_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Launched by",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Launched by",
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
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Prepared by",
                    ),
                ),
                (
                    "subject",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subjects.subject",
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
                "verbose_name": "Recall",
                "verbose_name_plural": "Recalls",
                "ordering": ["-proposed_at"],
                "indexes": [models.Index(fields=["org", "state"], name="recall_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("launched_by__isnull", True),
                            models.Q(("launched_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="recall_two_persons",
                        violation_error_message="A second person launches a recall.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("produced_on__isnull", False), models.Q(("batch", ""), _negated=True), _connector="OR"
                        ),
                        name="recall_names_date_or_batch",
                        violation_error_message="Name the production date or the batch.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("batch", models.CharField(blank=True, max_length=40, verbose_name="Batch")),
                ("produced_on", models.DateField(blank=True, null=True, verbose_name="Produced")),
                ("received_on", models.DateField(verbose_name="Received")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="Best before")),
                ("on_hand_grams", models.BigIntegerField(default=0, editable=False, verbose_name="In store")),
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
                    "subject",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subjects.subject",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="parties.party",
                        verbose_name="Supplier",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="canteen.product",
                        verbose_name="Product",
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frozen_lots",
                        to="canteen.recall",
                        verbose_name="Frozen by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Lot",
                "verbose_name_plural": "Lots",
                "ordering": ["-received_on", "product__name", "-id"],
                "indexes": [
                    models.Index(fields=["org", "product", "produced_on"], name="lot_first_produced"),
                    models.Index(
                        condition=models.Q(("on_hand_grams__gt", 0)), fields=["org", "product"], name="lot_in_stock"
                    ),
                    models.Index(fields=["supplier", "product", "produced_on"], name="lot_sideways"),
                    models.Index(fields=["batch"], name="lot_batch"),
                    models.Index(fields=["received_on"], name="lot_received"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("produced_on__isnull", False)),
                        fields=("org", "product", "supplier", "produced_on", "batch", "received_on"),
                        name="lot_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("produced_on__isnull", True)),
                        fields=("org", "product", "supplier", "batch", "received_on"),
                        name="lot_without_date_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on_hand_grams__gte", 0)),
                        name="lot_never_negative",
                        violation_error_message="There is not that much in store.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("delivered_on", models.DateField(verbose_name="Day")),
                ("quantity_grams", models.BigIntegerField(verbose_name="Weight")),
                ("written_quantity", models.CharField(blank=True, max_length=60, verbose_name="As written")),
                (
                    "unit_price",
                    models.BigIntegerField(
                        blank=True, help_text="0.0001 yuan per unit as written", null=True, verbose_name="Unit price"
                    ),
                ),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="Amount")),
                (
                    "certificate_number",
                    models.CharField(blank=True, max_length=60, verbose_name="Quarantine or test certificate"),
                ),
                ("senses", models.CharField(blank=True, max_length=60, verbose_name="Look and smell")),
                ("accepted_by", models.CharField(blank=True, max_length=60, verbose_name="Accepted by")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Remark")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="Warnings")),
                ("reversed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Reversed")),
                (
                    "reversal_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="Reason"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="canteen.delivery",
                        verbose_name="Delivery",
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
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="canteen.lot",
                        verbose_name="Lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "Delivery line",
                "verbose_name_plural": "Delivery lines",
                "ordering": ["-delivered_on", "id"],
                "indexes": [
                    models.Index(fields=["org", "delivered_on"], name="line_by_day"),
                    models.Index(fields=["delivered_on"], name="line_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity_grams__gt", 0)),
                        name="line_weighs_something",
                        violation_error_message="A delivery weighs more than nothing.",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_fen__gte", 0)), name="line_amount_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Menu",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("day", models.DateField(verbose_name="Day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("breakfast", "Breakfast"), ("lunch", "Lunch"), ("dinner", "Dinner")],
                        max_length=10,
                        verbose_name="Meal",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Weighed menu",
                "verbose_name_plural": "Weighed menus",
                "ordering": ["-day", "kind"],
                "indexes": [models.Index(fields=["day", "kind"], name="menu_by_day")],
                "constraints": [models.UniqueConstraint(fields=("org", "day", "kind"), name="menu_once_a_meal")],
            },
        ),
        migrations.CreateModel(
            name="Meal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("day", models.DateField(verbose_name="Day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("breakfast", "Breakfast"), ("lunch", "Lunch"), ("dinner", "Dinner")],
                        max_length=10,
                        verbose_name="Meal",
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
                    "menu",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="meals",
                        to="canteen.menu",
                        verbose_name="Weighed menu",
                    ),
                ),
            ],
            options={
                "verbose_name": "Meal",
                "verbose_name_plural": "Meals",
                "ordering": ["-day", "org__path", "kind"],
                "indexes": [models.Index(fields=["day", "kind"], name="meal_by_day")],
                "constraints": [models.UniqueConstraint(fields=("org", "day", "kind"), name="meal_once")],
            },
        ),
        migrations.CreateModel(
            name="Headcount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("eaters", models.PositiveIntegerField(verbose_name="Eaters")),
                (
                    "class_group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.classgroup",
                        verbose_name="Class",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                (
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="headcounts", to="canteen.meal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("class_group__isnull", False)),
                        fields=("meal", "class_group"),
                        name="headcount_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("class_group__isnull", True)),
                        fields=("meal",),
                        name="headcount_of_all_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MenuDish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Dish")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "menu",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dishes",
                        to="canteen.menu",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
            ],
            options={
                "ordering": ["menu", "position"],
                "constraints": [models.UniqueConstraint(fields=("menu", "name"), name="dish_once_in_menu")],
            },
        ),
        migrations.CreateModel(
            name="MenuIngredient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grams_per_head", models.PositiveIntegerField(verbose_name="Grams a head")),
                (
                    "dish",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ingredients",
                        to="canteen.menudish",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
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
                "ordering": ["dish", "-grams_per_head"],
                "constraints": [models.UniqueConstraint(fields=("dish", "product"), name="ingredient_once_in_dish")],
            },
        ),
        migrations.CreateModel(
            name="MealDish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Dish")),
                (
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extra_dishes", to="canteen.meal"
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.orgunit"),
                ),
                ("products", models.ManyToManyField(related_name="+", to="canteen.product")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("meal", "name"), name="extra_dish_once")],
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    houqin.core.tables.ids.PublicIdField(
                        default=houqin.core.tables.ids.uuid7, editable=False, unique=True
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="Day")),
                ("quantity_grams", models.BigIntegerField(verbose_name="Weight")),
                ("named_batch", models.CharField(blank=True, max_length=40, verbose_name="Batch named")),
                ("taken_by", models.CharField(blank=True, max_length=60, verbose_name="Taken by")),
                (
                    "origin",
                    models.CharField(
                        choices=[("live", "Recorded at the time"), ("paper", "From paper")],
                        max_length=6,
                        verbose_name="Origin",
                    ),
                ),
                ("repeat_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("recorded_at", models.DateTimeField(verbose_name="Recorded")),
                ("reversed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Reversed")),
                (
                    "reversal_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="Reason"),
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
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="canteen.meal",
                        verbose_name="Meal",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="canteen.product",
                        verbose_name="Product",
                    ),
                ),
            ],
            options={
                "verbose_name": "Issue to a meal",
                "verbose_name_plural": "Issues to meals",
                "ordering": ["-issued_on", "id"],
                "indexes": [
                    models.Index(fields=["org", "product", "issued_on"], name="issue_by_product"),
                    models.Index(fields=["issued_on"], name="issue_day"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity_grams__gt", 0)), name="issue_weighs_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notified_at", models.DateTimeField(editable=False, null=True, verbose_name="Told")),
                ("acknowledged_at", models.DateTimeField(editable=False, null=True, verbose_name="Acknowledged")),
                ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="Found reported")),
                ("store_grams", models.BigIntegerField(blank=True, null=True, verbose_name="Found in store")),
                ("kitchen_grams", models.BigIntegerField(blank=True, null=True, verbose_name="Found handed out")),
                ("pot_grams", models.BigIntegerField(blank=True, null=True, verbose_name="Found in the pot")),
                ("served_grams", models.BigIntegerField(blank=True, null=True, verbose_name="Served already")),
                ("note", models.TextField(blank=True, verbose_name="Remark")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="canteen.recall"
                    ),
                ),
            ],
            options={
                "ordering": ["org__path"],
                "indexes": [models.Index(fields=["org", "acknowledged_at"], name="recall_answer_pending")],
                "constraints": [models.UniqueConstraint(fields=("recall", "org"), name="recall_answer_once")],
            },
        ),
        migrations.CreateModel(
            name="RecallLot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.CharField(
                        choices=[("certain", "Certain"), ("possible", "Possible"), ("to_rule_out", "To be ruled out")],
                        max_length=12,
                        verbose_name="How sure",
                    ),
                ),
                ("received_grams", models.BigIntegerField(verbose_name="Received")),
                ("in_store_grams", models.BigIntegerField(verbose_name="In store")),
                ("issued_today_grams", models.BigIntegerField(default=0, verbose_name="Handed out today")),
                ("served_grams", models.BigIntegerField(default=0, verbose_name="Served before today")),
                ("lifted_at", models.DateTimeField(editable=False, null=True, verbose_name="Freeze lifted")),
                (
                    "lifted_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="Why lifted"),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="canteen.lot",
                        verbose_name="Lot",
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
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="canteen.recall"
                    ),
                ),
            ],
            options={
                "ordering": ["org__path", "lot"],
                "constraints": [models.UniqueConstraint(fields=("recall", "lot"), name="recall_lot_once")],
            },
        ),
        houqin.core.tables.partitions.CreatePartitionedModel(
            name="StockMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="Day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("received", "Received"), ("issued", "Issued"), ("reversed", "Reversed")],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("grams", models.BigIntegerField(verbose_name="Weight")),
                ("is_certain", models.BooleanField(default=False, verbose_name="Lot certain")),
                ("at", models.DateTimeField(verbose_name="Recorded")),
                ("account_id", models.BigIntegerField(null=True)),
                (
                    "issue",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="canteen.issue",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="canteen.deliveryline",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="canteen.lot",
                        verbose_name="Lot",
                    ),
                ),
                (
                    "meal",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="canteen.meal",
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
            ],
            options={
                "verbose_name": "Stock move",
                "verbose_name_plural": "Stock moves",
                "ordering": ["-day", "-id"],
                "indexes": [
                    models.Index(fields=["lot", "day"], name="move_by_lot"),
                    models.Index(fields=["org", "day"], name="move_by_school"),
                    models.Index(fields=["meal"], name="move_by_meal"),
                    models.Index(fields=["issue"], name="move_by_issue"),
                ],
            },
        ),
    ]
