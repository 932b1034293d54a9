import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which provisional value a final one replaces, the certificate's scan, what an archive package says of itself."""

    dependencies = [("assets", "0002_keep_what_was_submitted"), ("core", "0001_initial")]

    operations = [
        migrations.AddField("asset", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "handoverbatch",
            "signed_over_for",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "handoverbatch",
            "received_for",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "handoverbatch",
            "confirmed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("handoverbatch", "confirmed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "handoverline",
            "replaces",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="assets.handoverline",
            ),
        ),
        migrations.AddField(
            "titlerecord",
            "document",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
            ),
        ),
        migrations.AddField("archivepackage", "entries", models.PositiveIntegerField(default=0)),
        migrations.AddField("archivepackage", "trace_height", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("archivepackage", "gaps", models.JSONField(blank=True, default=list)),
        migrations.AddField("archivepackage", "gaps_reason", models.CharField(blank=True, max_length=300)),
    ]
