"""A run names its requirements, a result keeps the facet as values, a failure a code and what was found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bim", "0005_what_topics_keep_for_files")]

    operations = [
        migrations.RemoveField(model_name="checkrun", name="problem"),
        migrations.AddField(model_name="checkrun", name="key", field=models.CharField(default="minimum", max_length=80), preserve_default=False),
        migrations.AddField(model_name="checkrun", name="title", field=models.CharField(blank=True, max_length=255)),
        migrations.AddField(model_name="checkrun", name="reasons", field=models.JSONField(blank=True, default=list)),
        migrations.AddField(model_name="checkfailure", name="detail", field=models.CharField(blank=True, max_length=500)),
        migrations.AlterField(model_name="checkfailure", name="reason", field=models.CharField(max_length=60)),
        migrations.RemoveField(model_name="checkresult", name="requirement"),
        migrations.AddField(model_name="checkresult", name="requirement", field=models.JSONField(blank=True, default=dict)),
        migrations.AddIndex(model_name="checkrun", index=models.Index(fields=["model", "key", "id"], name="check_run_of_model")),
    ]  # fmt: skip
