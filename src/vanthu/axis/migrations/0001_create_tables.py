import django.db.models.deletion
from django.db import migrations, models

import vanthu.axis.rules.states


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DirectoryStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="AxisEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=32)),
                (
                    "message_id",
                    models.CharField(
                        default="", help_text="empty: refused before it had an id", max_length=24
                    ),
                ),
                ("parcel_id", models.CharField(default="", max_length=24)),
                ("system_code", models.CharField(default="", max_length=60)),
                ("call", models.CharField(default="", max_length=40)),
                (
                    "outcome",
                    models.CharField(
                        default="", help_text="ErrorCode, or the state that was reported", max_length=20
                    ),
                ),
                ("detail", models.CharField(default="", max_length=500)),
                ("remote", models.CharField(default="", help_text="the address that called", max_length=60)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["message_id", "id"], name="axis_event_by_message"),
                    models.Index(fields=["at"], name="axis_event_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "ACCEPTED",
                                    "REPEATED",
                                    "REFUSED",
                                    "FETCHED",
                                    "SETTLED",
                                    "FORWARDED",
                                    "FORWARD_FAILED",
                                    "FORGOTTEN",
                                ],
                            )
                        ),
                        name="axis_event_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AxisSystem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(help_text="systemid of the protocol", max_length=60, unique=True)),
                ("name", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(default=vanthu.axis.rules.states.SystemKind["CENTRE"], max_length=32),
                ),
                ("sealed_secret", models.TextField()),
                ("secret_set_at", models.DateTimeField()),
                (
                    "allowed_codes",
                    models.JSONField(
                        default=list,
                        help_text="codes and `code.*` it may register by itself; empty: any code nobody has",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(default="", max_length=300)),
                ("seen_at", models.DateTimeField(help_text="its last call, to the minute", null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["centre", "enterprise"])),
                        name="axis_system_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AxisAgency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=35, unique=True)),
                ("name", models.CharField(max_length=300)),
                ("parent_code", models.CharField(blank=True, default="", max_length=60)),
                ("mail", models.CharField(blank=True, default="", max_length=100)),
                ("mobile", models.CharField(blank=True, default="", max_length=40)),
                ("fax", models.CharField(blank=True, default="", max_length=40)),
                ("old_code", models.CharField(blank=True, db_index=True, default="", max_length=35)),
                ("code102", models.CharField(blank=True, db_index=True, default="", max_length=35)),
                ("is_deleted", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField(null=True)),
                ("modified_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "system",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agencies",
                        to="axis.axissystem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "doc_id",
                    models.CharField(
                        help_text="24 hex digits: DocId of sendEdoc",
                        max_length=24,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=32)),
                ("sender_code", models.CharField(max_length=35)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("edxml_document_id", models.CharField(default="", max_length=200)),
                (
                    "notation",
                    models.CharField(default="", help_text="number/notation as written", max_length=160),
                ),
                (
                    "title",
                    models.CharField(
                        default="", help_text="what getSentEdocList shows: subject", max_length=300
                    ),
                ),
                ("status_code", models.CharField(default="", max_length=2)),
                ("business", models.PositiveSmallIntegerField(default=0)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("forgotten_at", models.DateTimeField(null=True)),
                ("content", models.BinaryField(null=True)),
                (
                    "system",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="axis.axissystem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                (
                    "doc_id",
                    models.CharField(
                        help_text="24 hex digits: docId of the receiver",
                        max_length=24,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=32)),
                ("sender_code", models.CharField(max_length=35)),
                ("to_code", models.CharField(help_text="as the message addresses it", max_length=35)),
                ("route", models.CharField(default=vanthu.axis.rules.states.Route["LOCAL"], max_length=32)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(default=vanthu.axis.rules.states.ParcelState["INITIAL"], max_length=32),
                ),
                ("description", models.CharField(default="", max_length=500)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("fetched_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="of sending on, for Route.FORWARD"),
                ),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "upstream_id",
                    models.CharField(default="", help_text="what the axis above answered", max_length=64),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parcels", to="axis.message"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="axis.axissystem",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["created_at"], name="axis_message_by_time"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["edxml_document_id"], name="axis_message_by_document"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["edoc", "status"])), name="axis_message_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("system", "sender_code", "sha256"), name="axis_message_once"
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("state__in", ["INITIAL", "PROCESSING"])),
                fields=["system", "kind", "-urgency", "doc_id"],
                name="axis_parcel_open",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(fields=["system", "kind", "created_at"], name="axis_parcel_by_time"),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("route", "FORWARD"), ("state__in", ["INITIAL", "PROCESSING"])),
                fields=["next_at"],
                name="axis_parcel_to_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["edoc", "status"])), name="axis_parcel_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("route__in", ["LOCAL", "FORWARD"])), name="axis_parcel_route_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["INITIAL", "PROCESSING", "DONE", "FAIL"])),
                name="axis_parcel_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(fields=("message", "to_code"), name="axis_parcel_once"),
        ),
    ]
