import django.db.models.deletion
from django.db import migrations, models

from houqin.core.tables.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = [("orgs", "0001_initial")]

    operations = [
        CreatePartitionedModel(
            name="DailyFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="Day")),
                ("org_path", models.CharField(max_length=64)),
                ("alike", models.CharField(blank=True, max_length=30, verbose_name="Kind of school")),
                ("indicator", models.CharField(max_length=40, verbose_name="Indicator")),
                ("amount", models.BigIntegerField(verbose_name="Part")),
                ("of", models.BigIntegerField(verbose_name="Whole")),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="Unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "Daily figure",
                "verbose_name_plural": "Daily figures",
                "indexes": [models.Index(fields=["org", "indicator", "day"], name="fact_of_unit")],
                "constraints": [models.UniqueConstraint(fields=("day", "org", "indicator", "alike"), name="fact_once")],
            },
        ),
    ]
