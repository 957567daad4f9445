"""Several certificates of an owner, one of them active; where revocation lists come from."""

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.db import migrations, models

STATES = ["ACTIVE", "EXPIRED", "REVOKED", "REPLACED"]


def describe(apps: Any, schema_editor: Any) -> None:
    """Read what the register holds out of the certificates that stand in it already."""
    for row in apps.get_model("signing", "SigningKey").objects.all():
        certificate = x509.load_der_x509_certificate(bytes(row.certificate))
        names = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
        uids = certificate.subject.get_attributes_for_oid(NameOID.USER_ID)
        row.fingerprint = certificate.fingerprint(hashes.SHA256()).hex().upper()
        row.issuer = str(names[-1].value)[:300] if names else ""
        row.identifiers = "".join(f"\n{uid.value}" for uid in uids) + "\n"
        row.valid_from, row.valid_to = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        row.save()


class Migration(migrations.Migration):
    dependencies = [("signing", "0002_add_pending_signatures")]

    operations = [
        migrations.AlterField("signingkey", "owner", models.CharField(max_length=40)),
        migrations.AlterField(
            "signingkey", "made_at", models.DateTimeField(help_text="when it was registered")
        ),
        migrations.AddField(
            "signingkey",
            "fingerprint",
            models.CharField(default="", help_text="SHA-256 of the DER, upper case", max_length=64),
        ),
        migrations.AddField(
            "signingkey",
            "issuer",
            models.CharField(default="", help_text="the common name, to be shown", max_length=300),
        ),
        migrations.AddField(
            "signingkey",
            "identifiers",
            models.TextField(default="\n", help_text="PREFIX:value, a line each, a line's end around all"),
        ),
        migrations.AddField("signingkey", "valid_from", models.DateTimeField(null=True)),
        migrations.AddField("signingkey", "valid_to", models.DateTimeField(null=True)),
        migrations.AddField("signingkey", "state", models.CharField(default="ACTIVE", max_length=32)),
        migrations.AddField("signingkey", "state_reason", models.CharField(default="", max_length=300)),
        migrations.AddField("signingkey", "state_at", models.DateTimeField(null=True)),
        migrations.AddField("signingkey", "registered_by", models.CharField(default="", max_length=200)),
        migrations.CreateModel(
            name="RevocationSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=300)),
                (
                    "issuer",
                    models.CharField(
                        help_text="fingerprint of the authority whose list it is", max_length=64
                    ),
                ),
                ("issuer_name", models.CharField(max_length=300)),
                ("this_update", models.DateTimeField(null=True)),
                ("next_update", models.DateTimeField(null=True)),
                ("sha256", models.CharField(default="", max_length=64)),
                ("tried_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0, help_text="in a row")),
                ("last_error", models.CharField(default="", max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "url"), name="revocation_source_once")
                ]
            },
        ),
        migrations.RunPython(describe, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "signingkey",
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="key_state_known"),
        ),
        migrations.AddConstraint(
            "signingkey",
            models.UniqueConstraint(
                condition=models.Q(state="ACTIVE"), fields=("owner",), name="key_active_once"
            ),
        ),
        migrations.AddConstraint(
            "signingkey",
            models.UniqueConstraint(
                condition=models.Q(("fingerprint", ""), _negated=True),
                fields=("fingerprint",),
                name="key_certificate_once",
            ),
        ),
    ]
