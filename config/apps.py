"""Django's entry for the project itself: it carries the `clock` command and the demo doors."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the project so that its commands are found."""

    name = "config"
