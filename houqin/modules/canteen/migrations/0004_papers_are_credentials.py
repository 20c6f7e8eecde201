import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("canteen", "0003_on_duty"),
        ("credentials", "0002_papers_of_goods"),
        ("subjects", "0002_persons_and_units"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="lines",
            field=models.ManyToManyField(blank=True, related_name="+", to="canteen.deliveryline"),
        ),
        migrations.AddField(
            model_name="deliveryline",
            name="certificates",
            field=models.ManyToManyField(blank=True, related_name="lines", to="credentials.credential"),
        ),
        migrations.AddField(
            model_name="product",
            name="subject",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="product",
                to="subjects.subject",
            ),
        ),
    ]
