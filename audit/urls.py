"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from audit.views import log, verify

app_name = "audit"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log", log.log_page, name="log"),
    path("log/checkpoint", log.checkpoint_file, name="checkpoint"),
    path("log/checkpoint/<int:size>", log.checkpoint_file, name="checkpoint-at"),
    path("log/key", log.key_file, name="key"),
    path("log/witness-keys", log.witness_keys_file, name="witness-keys"),
    path("log/proof", log.proof, name="proof"),
    path("verify", verify.verify_page, name="verify"),
]
