"""The warning signals of the weather service (气象灾害预警信号: fourteen kinds, four levels; CMA order 16 of 2007)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Weather(TextChoices):
    TYPHOON = "TYPHOON", _("Typhoon")
    RAINSTORM = "RAINSTORM", _("Rainstorm")
    SNOWSTORM = "SNOWSTORM", _("Snowstorm")
    COLD_WAVE = "COLD_WAVE", _("Cold wave")
    GALE = "GALE", _("Gale")
    SANDSTORM = "SANDSTORM", _("Sandstorm")
    HEAT = "HEAT", _("Heat")
    DROUGHT = "DROUGHT", _("Drought")
    LIGHTNING = "LIGHTNING", _("Lightning")
    HAIL = "HAIL", _("Hail")
    FROST = "FROST", _("Frost")
    FOG = "FOG", _("Fog")
    HAZE = "HAZE", _("Haze")
    ICY_ROADS = "ICY_ROADS", _("Icy roads")


class Level(TextChoices):
    BLUE = "BLUE", _("Blue")
    YELLOW = "YELLOW", _("Yellow")
    ORANGE = "ORANGE", _("Orange")
    RED = "RED", _("Red")
