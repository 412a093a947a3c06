"""Keep the clause and the fact of a rejection, so that the bidder can read and contest them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add both to the bid."""

    dependencies = [("trading", "0002_download_blind")]

    operations = [
        migrations.AddField("bid", "clause", models.TextField(blank=True, default="")),
        migrations.AddField("bid", "fact", models.TextField(blank=True, default="")),
        migrations.AlterField("bid", "clause", models.TextField(blank=True)),
        migrations.AlterField("bid", "fact", models.TextField(blank=True)),
    ]
