from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("canteen", "0009_ill_struck_out"),
        ("credentials", "0002_papers_of_goods"),
        ("orgs", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="deliveryline",
            index=models.Index(
                condition=models.Q(("reversed_at__isnull", True), models.Q(("warnings", []), _negated=True)),
                fields=["delivery"],
                name="line_warned",
            ),
        ),
        migrations.AddIndex(
            model_name="deliveryline",
            index=models.Index(
                condition=models.Q(
                    models.Q(("condition", ""), _negated=True),
                    ("condition_met_at__isnull", True),
                    ("reversed_at__isnull", True),
                ),
                fields=["delivery"],
                name="line_on_condition",
            ),
        ),
    ]
