"""Texts of libraries that have no Chinese of their own; here they are found by ``guanxi translations``."""

from django.utils.translation import ngettext_lazy

TEXTS = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
