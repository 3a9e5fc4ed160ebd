"""Starts Django inside a command."""

import os

from guanxi.config.commands.speech import chinese


def start() -> None:
    """Load the settings and all capabilities; texts come in the language of the console."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("zh-hans" if chinese() else "en")
