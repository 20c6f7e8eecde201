from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("canteen", "0011_lots_in_order"),
        ("orgs", "0001_initial"),
        ("parties", "0001_initial"),
        ("subjects", "0002_persons_and_units"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["org", "received_on"], name="lot_by_day"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["batch"], opclasses=["varchar_pattern_ops"], name="lot_batch_begins"),
        ),
    ]
