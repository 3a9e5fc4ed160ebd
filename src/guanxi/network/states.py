"""The kinds of places and what may stand under what (ORG-10, ORG-11)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    GROUP = "GROUP", _("Group")
    BRAND = "BRAND", _("Brand")
    DEPARTMENT = "DEPARTMENT", _("Headquarters department")
    CALL_CENTRE = "CALL_CENTRE", _("Call centre")
    BRANCH = "BRANCH", _("Branch")
    MARKET_OFFICE = "MARKET_OFFICE", _("Market office")
    OUTLET = "OUTLET", _("Outlet")
    UNIT = "UNIT", _("Outlet department")
    PARTNER = "PARTNER", _("Partner")


class PartnerType(TextChoices):
    INSURER = "INSURER", _("Insurer")
    RESCUE = "RESCUE", _("Road rescue")
    TOW = "TOW", _("Towing")


class UnitType(TextChoices):
    """Departments of an outlet; the first two are mandatory for every outlet (ORG-17)."""

    DCRC = "DCRC", _("Customer relationship centre (DCRC)")
    CS_COMMITTEE = "CS_COMMITTEE", _("CS promotion committee")
    SALES = "SALES", _("Sales department")
    SERVICE = "SERVICE", _("Service department")
    PARTS = "PARTS", _("Parts department")
    MARKETING = "MARKETING", _("Marketing department")


MANDATORY_UNITS = (UnitType.DCRC, UnitType.CS_COMMITTEE)

PARENTS: dict[str, frozenset[str]] = {
    Kind.GROUP: frozenset(),
    Kind.BRAND: frozenset({Kind.GROUP}),
    Kind.DEPARTMENT: frozenset({Kind.GROUP, Kind.BRAND, Kind.DEPARTMENT, Kind.BRANCH}),
    Kind.CALL_CENTRE: frozenset({Kind.GROUP, Kind.BRAND, Kind.DEPARTMENT}),
    Kind.BRANCH: frozenset({Kind.BRAND}),
    Kind.MARKET_OFFICE: frozenset({Kind.BRANCH}),
    Kind.OUTLET: frozenset({Kind.BRAND, Kind.BRANCH, Kind.MARKET_OFFICE}),
    Kind.UNIT: frozenset({Kind.OUTLET, Kind.UNIT}),
    Kind.PARTNER: frozenset({Kind.GROUP, Kind.BRAND, Kind.BRANCH}),
}
