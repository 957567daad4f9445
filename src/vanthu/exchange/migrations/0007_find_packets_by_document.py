"""The packets of one document leave in their order: each looks for the one before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_ask_back_and_revoke")]

    operations = [
        migrations.AddIndex(
            model_name="packet",
            index=models.Index(fields=["edxml_document_id"], name="packet_by_document"),
        ),
    ]
