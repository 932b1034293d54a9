import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("bim", "0006_what_checks_keep"),
        ("core", "0102_uploads_say_what_they_are_for"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ComparisonRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("basis", models.CharField(blank=True, max_length=64)),
                ("counts", models.JSONField(blank=True, default=dict)),
                ("started_at", models.DateTimeField(default=core.clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                (
                    "new_model",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bim.bimmodel"),
                ),
                (
                    "old_model",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bim.bimmodel"),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ComparisonRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ADDED", "Added"),
                            ("REMOVED", "Removed"),
                            ("CHANGED", "Changed"),
                            ("UNCHANGED", "Unchanged"),
                            ("WAITING_OLD", "Waiting (older version)"),
                            ("WAITING_NEW", "Waiting (newer version)"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "paired_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PERSON", "a person's decision"),
                            ("GUID", "the same GlobalId"),
                            ("NAME", "class, name and tag"),
                            ("PLACE", "type, name and place"),
                            ("CONTENT", "type, storey, quantities and place"),
                        ],
                        max_length=10,
                    ),
                ),
                ("old_guid", models.CharField(blank=True, max_length=22)),
                ("new_guid", models.CharField(blank=True, max_length=22)),
                ("ifc_class", models.CharField(max_length=60)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("type_name", models.CharField(blank=True, max_length=255)),
                ("storey", models.CharField(blank=True, max_length=255)),
                (
                    "geometry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SAME", "Geometry the same"),
                            ("CHANGED", "Geometry changed"),
                            ("NOT_COMPARED", "Geometry not compared"),
                            ("NONE", "No geometry of its own"),
                        ],
                        max_length=12,
                    ),
                ),
                ("kinds", models.CharField(blank=True, max_length=120)),
                ("changes", models.JSONField(blank=True, default=list)),
                ("n_changes", models.PositiveIntegerField(default=0)),
                ("candidates", models.JSONField(blank=True, default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="bim.comparisonrun"
                    ),
                ),
            ],
            options={
                "ordering": ["run", "position"],
            },
        ),
        migrations.CreateModel(
            name="ElementPairing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_guid", models.CharField(blank=True, max_length=22)),
                ("new_guid", models.CharField(blank=True, max_length=22)),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("PERSON", "a person's decision"),
                            ("GUID", "the same GlobalId"),
                            ("NAME", "class, name and tag"),
                            ("PLACE", "type, name and place"),
                            ("CONTENT", "type, storey, quantities and place"),
                        ],
                        default="PERSON",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(default=core.clock.now)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "new_model",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bim.bimmodel"),
                ),
                (
                    "old_model",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bim.bimmodel"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="comparisonrun",
            constraint=models.UniqueConstraint(fields=("old_model", "new_model"), name="bim_comparison_once"),
        ),
        migrations.AddIndex(
            model_name="comparisonrow",
            index=models.Index(fields=["run", "state", "position"], name="bim_comparison_state"),
        ),
        migrations.AddConstraint(
            model_name="comparisonrow",
            constraint=models.UniqueConstraint(fields=("run", "position"), name="bim_comparison_row_once"),
        ),
        migrations.AddConstraint(
            model_name="elementpairing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("old_guid", ""), _negated=True),
                fields=("old_model", "new_model", "old_guid"),
                name="bim_pairing_old_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="elementpairing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("new_guid", ""), _negated=True),
                fields=("old_model", "new_model", "new_guid"),
                name="bim_pairing_new_once",
            ),
        ),
    ]
