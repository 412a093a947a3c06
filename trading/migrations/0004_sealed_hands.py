"""Who signed in to a hall is no longer named there; messages about open tenders are sealed."""

from __future__ import annotations

from django.db import migrations, models

from accounts.services import veil


def seal(apps, _editor):
    """Mask who is signed in, and let the tenders that take bids be secret from now on."""
    for row in apps.get_model("trading", "SignIn").objects.all():
        row.hand = veil.mask(row.person_id, within=row.party_id)
        row.save(update_fields=["hand"])
    matter = apps.get_model("accounts", "SecretMatter")
    taking = apps.get_model("trading", "Tender").objects.filter(
        state__in=["PUBLISHED", "SUSPENDED"], lots__state__in=["SUBMISSION", "SUSPENDED", "CLOSED"]
    )
    for tender in taking.distinct():
        matter.objects.get_or_create(pk=tender.pk, defaults={"since": tender.published_at})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sealed_messages"),
        ("trading", "0003_bid_rejection"),
    ]

    operations = [
        migrations.AddField("signin", "hand", models.CharField(default="", max_length=80)),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.AlterField("signin", "hand", models.CharField(max_length=80)),
        migrations.RemoveField("signin", "person"),
    ]
