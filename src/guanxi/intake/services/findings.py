"""What is said of cells and rows: stable words, and their sentences in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.foundation.values.flaws import Flaw


class Level(StrEnum):
    """What follows from a finding."""

    REJECT = "reject"  # the row is left out
    WARN = "warn"  # the row is taken; a value is missing or doubtful
    NOTE = "note"  # the row is taken and counts as good
    IGNORE = "ignore"  # no row of data


class RowFlaw(StrEnum):
    """A finding about a whole row."""

    SAME_ROW = "same_row"
    SAME_KEY = "same_key"
    ROW_SHIFTED = "row_shifted"
    TOTAL = "total"
    HEADING = "heading"
    TITLE = "title"
    FOOTER = "footer"


class StoreFlaw(StrEnum):
    """A finding about what a row means beside what is stored."""

    NO_OUTLET = "no_outlet"
    NO_VEHICLE = "no_vehicle"
    TWO_VEHICLES = "two_vehicles"
    OWNER_DIFFERS = "owner_differs"
    NUMBER_TAKEN = "number_taken"
    NOT_FOUND_AGAIN = "not_found_again"
    KEPT = "kept"
    LEFT_EARLY = "left_early"


MESSAGES: Mapping[str, Text] = {
    Flaw.EMPTY: _("This cell is empty."),
    Flaw.TEXT_DAMAGED: _("Characters were lost before this file was written."),
    Flaw.TEXT_LONG: _("This text is too long."),
    Flaw.DIGITS_LOST: _("A spreadsheet rounded this number: its last digits are lost."),
    Flaw.NAME_NUMBER: _("This is a number, not a name."),
    Flaw.PHONE_LENGTH: _("This telephone number has too few or too many digits."),
    Flaw.PHONE_FORM: _("This is not a telephone number."),
    Flaw.PHONE_MASKED: _("Digits of this telephone number are hidden."),
    Flaw.PHONE_PART: _("Not every number in this cell can be read."),
    Flaw.PHONE_NO_MOBILE: _("There is no mobile number in this cell."),
    Flaw.ID_FORM: _("This is not the number of an identity document."),
    Flaw.ID_AREA: _("The area code in this identity number does not exist."),
    Flaw.ID_BIRTH: _("The day of birth in this identity number does not exist."),
    Flaw.ID_CHECK: _("The check digit of this number does not match."),
    Flaw.ID_OTHER: _("This is the number of another document than the identity card."),
    Flaw.VIN_LENGTH: _("A VIN has 17 characters."),
    Flaw.VIN_LETTER: _("A VIN never holds the letters I, O and Q."),
    Flaw.VIN_CHARACTER: _("A VIN is made of letters and digits only."),
    Flaw.VIN_CHECK: _("The check digit of this VIN does not match."),
    Flaw.PLATE_FORM: _("This is not a number plate."),
    Flaw.PLATE_LETTER: _("A number plate never holds the letters I and O here."),
    Flaw.PLATE_PROVINCE: _("A number plate begins with a province and a letter."),
    Flaw.DATE_FORM: _("This is not a date."),
    Flaw.DATE_IMPOSSIBLE: _("This day does not exist."),
    Flaw.DATE_NO_DAY: _("This date has no day."),
    Flaw.DATE_ORDER: _("Day and month cannot be told apart in this date."),
    Flaw.DATE_PLACEHOLDER: _("This date stands for no date."),
    Flaw.MONEY_FORM: _("This is not an amount of money."),
    Flaw.MONEY_ABOUT: _("This amount is approximate."),
    Flaw.MONEY_RANGE: _("This is a range, not one amount."),
    Flaw.MONEY_FOREIGN: _("This amount is not in yuan."),
    Flaw.KM_FORM: _("This is not a mileage."),
    Flaw.KM_ABOUT: _("This mileage is approximate."),
    Flaw.KM_RANGE: _("No car has driven that far."),
    Flaw.NUMBER_FORM: _("This is not a number."),
    Flaw.CODE_UNKNOWN: _("This word is not known here."),
    Flaw.DIVISION_UNKNOWN: _("There is no province, city or district of this name."),
    Flaw.DIVISION_MISMATCH: _("This place does not lie in the one above it."),
    RowFlaw.SAME_ROW: _("The same row stands further up already."),
    RowFlaw.SAME_KEY: _("A row with the same key but other values stands further up."),
    RowFlaw.ROW_SHIFTED: _("This row has more cells than the headings: they may have moved."),
    RowFlaw.TOTAL: _("A row of totals."),
    RowFlaw.HEADING: _("The headings again."),
    RowFlaw.TITLE: _("The title again."),
    RowFlaw.FOOTER: _("A note below the table."),
    StoreFlaw.NO_OUTLET: _("There is no outlet with this code within the place chosen."),
    StoreFlaw.NO_VEHICLE: _("There is no vehicle with this VIN or plate."),
    StoreFlaw.TWO_VEHICLES: _("More than one car bears this plate: its VIN is needed."),
    StoreFlaw.OWNER_DIFFERS: _("This car belongs to somebody else here: it is not taken over, the doubt is noted."),
    StoreFlaw.NUMBER_TAKEN: _("Somebody else has this customer number: it was left out."),
    StoreFlaw.NOT_FOUND_AGAIN: _("Neither a number nor the car tells who this is: the person was left out."),
    StoreFlaw.KEPT: _("Somebody changed this here, or another system brought it: it stays as it is."),
    StoreFlaw.LEFT_EARLY: _("The car left before it came: this day was left out."),
}


def message(code: str) -> Text:
    """Return the sentence of a finding's code; the code itself for an unknown one of a newer version."""
    return MESSAGES.get(code, code)
