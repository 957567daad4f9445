"""A second rendition of issued files, with more proof in it (D20)."""

import django.db.models.deletion
from django.db import migrations, models

LEVELS = ["B-B", "B-T", "B-LT", "B-LTA"]


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_find_files_by_digest"),
        ("organizations", "0001_create_tables"),
        ("signing", "0003_keep_a_register_of_certificates"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptRendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issued_sha256", models.CharField(max_length=64)),
                ("level", models.CharField(help_text="what its retention class asks for", max_length=32)),
                ("keep_until", models.DateField(help_text="none: permanently", null=True)),
                ("sha256", models.CharField(default="", max_length=64)),
                ("reached", models.CharField(default="B-B", max_length=32)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "protected_until",
                    models.DateTimeField(
                        help_text="until when it proves its signatures by itself", null=True
                    ),
                ),
                ("renewals", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, help_text="failed ones in a row")),
                ("last_error", models.CharField(default="", max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.agency",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="documents.document"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="rendition_by_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", LEVELS)), name="rendition_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reached__in", LEVELS)), name="rendition_reached_known"
                    ),
                ],
            },
        ),
    ]
