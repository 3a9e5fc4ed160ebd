"""The files that every dealer system can export: owners with their cars, and workshop visits.

The headings and words they use stand in ``intake/words.toml``.
"""

import tomllib
from importlib import resources

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.divisions import Level
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services.kinds import Field, Kind, Need, Shape

_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(
    resources.files("guanxi.intake").joinpath("words.toml").read_text(encoding="utf-8")
)


def _codes(name: str) -> dict[str, str]:
    return {word: code for code, words in _WORDS[name].items() for word in words}


def _headings(kind: str, key: str) -> tuple[str, ...]:
    return tuple(_WORDS[kind][key])


def _owner(key: str) -> tuple[str, ...]:
    return _headings("owners", key)


def _visit(key: str) -> tuple[str, ...]:
    return _headings("visits", key)


OWNERS = Kind(
    key="owners",
    label=_("Owners and their cars"),
    identity=("vin", "name", "mobile"),
    fields=(
        Field("name", _("Name"), Shape.NAME, _owner("name"), Need.REQUIRED),
        Field("vin", _("VIN"), Shape.VIN, _owner("vin"), Need.REQUIRED),
        Field("mobile", _("Mobile"), Shape.PHONE, _owner("mobile"), Need.EXPECTED),
        Field("customer_no", _("Customer number"), Shape.TEXT, _owner("customer_no")),
        Field("gender", _("Gender"), Shape.CODE, _owner("gender"), codes=_codes("genders")),
        Field("id_number", _("Identity number"), Shape.ID_NUMBER, _owner("id_number")),
        Field("telephone", _("Landline"), Shape.PHONE, _owner("telephone")),
        Field("province", _("Province"), Shape.DIVISION, _owner("province"), Need.WARN, level=Level.PROVINCE),
        Field("city", _("City"), Shape.DIVISION, _owner("city"), Need.WARN, level=Level.CITY),
        Field("district", _("District"), Shape.DIVISION, _owner("district"), level=Level.DISTRICT),
        Field("address", _("Address"), Shape.TEXT, _owner("address")),
        Field("birth_date", _("Date of birth"), Shape.DATE, _owner("birth_date")),
        Field("plate", _("Plate"), Shape.PLATE, _owner("plate"), Need.WARN),
        Field("model", _("Model"), Shape.TEXT, _owner("model")),
        Field("colour", _("Colour"), Shape.TEXT, _owner("colour")),
        Field("sold_on", _("Sold on"), Shape.DATE, _owner("sold_on"), Need.WARN),
        Field("price", _("Price"), Shape.MONEY, _owner("price"), Need.WARN),
        Field("consultant", _("Sales consultant"), Shape.NAME, _owner("consultant")),
        Field("insured_until", _("Insured until"), Shape.DATE, _owner("insured_until"), Need.WARN),
        Field("note", _("Remarks"), Shape.TEXT, _owner("note")),
        Field("outlet", _("Code of the outlet"), Shape.TEXT, _owner("outlet")),
    ),
)

VISITS = Kind(
    key="visits",
    label=_("Workshop visits"),
    identity=("order",),
    fields=(
        Field("order", _("Order number"), Shape.TEXT, _visit("order"), Need.REQUIRED),
        Field("entered_on", _("Entered on"), Shape.DATE, _visit("entered_on"), Need.REQUIRED),
        # the car is looked up: its number was doubted, if at all, when the car was taken in
        Field("vin", _("VIN"), Shape.VIN, _owner("vin"), Need.WARN, only_noted=(Flaw.VIN_CHECK,)),
        Field("plate", _("Plate"), Shape.PLATE, _owner("plate"), Need.WARN),
        Field("category", _("Category"), Shape.CODE, _visit("category"), Need.EXPECTED, codes=_codes("categories")),
        Field("bringer", _("Brought by"), Shape.NAME, _visit("bringer")),
        Field("bringer_mobile", _("Telephone of who brought it"), Shape.PHONE, _visit("bringer_mobile")),
        Field("left_on", _("Left on"), Shape.DATE, _visit("left_on")),
        Field("km", _("Mileage"), Shape.KM, _visit("km"), Need.WARN),
        Field("labour", _("Labour"), Shape.MONEY, _visit("labour"), Need.WARN),
        Field("parts", _("Parts"), Shape.MONEY, _visit("parts"), Need.WARN),
        Field("total", _("Total"), Shape.MONEY, _visit("total")),
        Field("advisor", _("Service advisor"), Shape.NAME, _visit("advisor")),
        Field("description", _("What the customer says"), Shape.TEXT, _visit("description")),
        Field("note", _("Remarks"), Shape.TEXT, _owner("note")),
        Field("outlet", _("Code of the outlet"), Shape.TEXT, _owner("outlet")),
    ),
)
