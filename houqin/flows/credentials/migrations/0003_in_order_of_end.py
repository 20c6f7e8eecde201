from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0002_papers_of_goods"),
        ("files", "0002_likeness"),
        ("orgs", "0001_initial"),
        ("subjects", "0002_persons_and_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["expires_on", "-id"], name="credential_in_order"),
        ),
    ]
