from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0004_keep_renditions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pendingsignature",
            name="pending_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="signaturemade",
            name="signature_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="signaturemade",
            name="signature_once_per_kind",
        ),
        migrations.AddConstraint(
            model_name="pendingsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["personal", "agency", "annex", "copy"])),
                name="pending_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signaturemade",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["personal", "agency", "annex", "copy"])),
                name="signature_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signaturemade",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["personal", "agency"])),
                fields=("document", "kind"),
                name="signature_once_per_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="signaturemade",
            constraint=models.UniqueConstraint(
                fields=("document", "kind", "sha256_before"), name="signature_once_per_file"
            ),
        ),
    ]
