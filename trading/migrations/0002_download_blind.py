"""Let a firm find its own downloads without reading another firm's."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the keyed hash; downloads remembered before it are simply not recognised."""

    dependencies = [("trading", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="download",
            name="blind",
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="download",
            index=models.Index(fields=["blind"], name="download_own"),
        ),
    ]
