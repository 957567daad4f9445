from django.db import migrations, models

import vanthu.evidence.rules.fixity


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_create_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="FixityRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "cursor",
                    models.CharField(
                        default="", help_text="everything up to this digest was read", max_length=64
                    ),
                ),
                ("read_at", models.DateTimeField(help_text="when the last portion was read", null=True)),
                ("blobs", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0, help_text="bytes")),
            ],
        ),
        migrations.CreateModel(
            name="FixityFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        default=vanthu.evidence.rules.fixity.FindingState["OPEN"], max_length=32
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "why_open",
                    models.CharField(default="", help_text="why it could not be restored", max_length=300),
                ),
                (
                    "kept_at",
                    models.CharField(
                        default="", help_text="where the altered bytes are kept", max_length=120
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["ALTERED", "MISSING", "UNREADABLE"])),
                        name="fixity_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "RESTORED", "SOUND_AGAIN", "GONE"])),
                        name="fixity_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")), fields=("sha256",), name="fixity_open_once"
                    ),
                ],
            },
        ),
    ]
