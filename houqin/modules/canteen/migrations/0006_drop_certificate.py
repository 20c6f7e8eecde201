from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canteen", "0005_move_papers")]
    operations = [migrations.DeleteModel(name="Certificate")]
