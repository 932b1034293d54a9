from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bim", "0003_why_there_are_no_shapes")]

    operations = [
        migrations.AddField(
            model_name="bimelement",
            name="shape",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
