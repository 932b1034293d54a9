from django.db import migrations, models


class Migration(migrations.Migration):
    """What happened to an application for payment, and why a monthly report came back."""

    dependencies = [("execution", "0002_acceptance_and_findings")]

    operations = [
        migrations.AddField("payment", "trail", models.JSONField(blank=True, default=list)),
        migrations.AlterField("payment", "remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
        migrations.AddField("progressreport", "returned_reason", models.TextField(blank=True)),
    ]
