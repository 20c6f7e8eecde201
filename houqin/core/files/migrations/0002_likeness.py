import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dhash", models.BigIntegerField()),
                ("part0", models.SmallIntegerField(db_index=True)),
                ("part1", models.SmallIntegerField(db_index=True)),
                ("part2", models.SmallIntegerField(db_index=True)),
                ("part3", models.SmallIntegerField(db_index=True)),
                ("part4", models.SmallIntegerField(db_index=True)),
                (
                    "blob",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="likeness", to="files.blob"
                    ),
                ),
            ],
        ),
    ]
