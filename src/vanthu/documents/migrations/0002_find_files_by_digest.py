import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_create_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="documentfile",
            name="replaces",
            field=models.ForeignKey(
                help_text="the annex before its signature",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="documents.documentfile",
            ),
        ),
        migrations.AddIndex(
            model_name="documentfile",
            index=models.Index(fields=["sha256"], name="file_by_digest"),
        ),
    ]
