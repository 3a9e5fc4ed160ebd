"""What can be wrong with a value: stable words, stored as they are; their sentences live where they are shown."""

from enum import StrEnum


class Flaw(StrEnum):
    """A finding about one value. Those marked *kept* come with a value, the others without."""

    NONE = ""
    EMPTY = "empty"
    TEXT_DAMAGED = "text_damaged"  # kept
    TEXT_LONG = "text_long"  # kept, cut
    DIGITS_LOST = "digits_lost"
    NAME_NUMBER = "name_number"
    PHONE_LENGTH = "phone_length"
    PHONE_FORM = "phone_form"
    PHONE_MASKED = "phone_masked"
    PHONE_PART = "phone_part"  # kept
    PHONE_NO_MOBILE = "phone_no_mobile"
    ID_FORM = "id_form"
    ID_AREA = "id_area"
    ID_BIRTH = "id_birth"
    ID_CHECK = "id_check"
    ID_OTHER = "id_other"  # kept
    VIN_LENGTH = "vin_length"
    VIN_LETTER = "vin_letter"
    VIN_CHARACTER = "vin_character"
    VIN_CHECK = "vin_check"  # kept
    PLATE_FORM = "plate_form"
    PLATE_LETTER = "plate_letter"
    PLATE_PROVINCE = "plate_province"
    DATE_FORM = "date_form"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_NO_DAY = "date_no_day"
    DATE_ORDER = "date_order"
    DATE_PLACEHOLDER = "date_placeholder"
    MONEY_FORM = "money_form"
    MONEY_ABOUT = "money_about"  # kept
    MONEY_RANGE = "money_range"
    MONEY_FOREIGN = "money_foreign"
    KM_FORM = "km_form"
    KM_ABOUT = "km_about"  # kept
    KM_RANGE = "km_range"
    NUMBER_FORM = "number_form"
    CODE_UNKNOWN = "code_unknown"
    DIVISION_UNKNOWN = "division_unknown"
    DIVISION_MISMATCH = "division_mismatch"
