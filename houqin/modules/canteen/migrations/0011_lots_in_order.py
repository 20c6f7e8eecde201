from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("canteen", "0010_lines_to_look_at"),
        ("orgs", "0001_initial"),
        ("parties", "0001_initial"),
        ("subjects", "0002_persons_and_units"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["expires_on", "id"], name="lot_in_order"),
        ),
    ]
