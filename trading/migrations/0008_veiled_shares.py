"""Released shares stand under the platform's key, those at hand with them."""

from __future__ import annotations

from django.db import migrations, models

from accounts.services import veil


def lock(apps, _editor):
    """Veil every share that was kept as it came."""
    for row in apps.get_model("trading", "Share").objects.filter(share__isnull=False):
        row.share = veil.lock(bytes(row.share), of=row.bid_id)
        row.save(update_fields=["share"])


def unlock(apps, _editor):
    """Take the veil off again."""
    for row in apps.get_model("trading", "Share").objects.filter(share__isnull=False):
        row.share = veil.unlock(bytes(row.share), of=row.bid_id)
        row.save(update_fields=["share"])


class Migration(migrations.Migration):
    dependencies = [("trading", "0007_as_wide_as_sealed")]

    operations = [
        migrations.AlterField("share", "share", models.BinaryField(max_length=48, null=True)),
        migrations.RunPython(lock, unlock),
    ]
