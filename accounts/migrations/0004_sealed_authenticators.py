"""The keys of authenticators are sealed under the platform's key, those at hand with them."""

from django.db import migrations

from accounts.services import veil


def lock(apps, _editor):
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.all():
        device.key = veil.lock(bytes.fromhex(device.key), of=device.user_id).hex()
        device.save(update_fields=["key"])


def unlock(apps, _editor):
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.all():
        device.key = veil.unlock(bytes.fromhex(device.key), of=device.user_id).hex()
        device.save(update_fields=["key"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_said_in_english"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authenticator",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("otp_totp.totpdevice",),
        ),
        migrations.RunPython(lock, unlock),
    ]
