"""What a customer, a contact point and the relation to an outlet can be (CLASS-01 to CLASS-05, INFO-31)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

INDUSTRIES = "industries"  # the code list of them
HABITS = "spending_habits"  # the code list of them


class Kind(TextChoices):
    PERSON = "PERSON", _("Private person")
    COMPANY = "COMPANY", _("Company")


class Gender(TextChoices):
    MALE = "M", _("Male")
    FEMALE = "F", _("Female")


class Channel(TextChoices):
    MOBILE = "MOBILE", _("Mobile")
    LANDLINE = "LANDLINE", _("Landline")
    EMAIL = "EMAIL", _("E-mail address")
    WECHAT = "WECHAT", _("WeChat")


class PointState(TextChoices):
    """Whether a contact point may and can be used; ``proven_at`` says when it last was."""

    VALID = "VALID", _("Valid")
    WRONG = "WRONG", _("Wrong number")
    UNREACHABLE = "UNREACHABLE", _("Unreachable")
    DO_NOT_CONTACT = "DO_NOT_CONTACT", _("Do not contact")


class Category(TextChoices):
    """What the customer is to one outlet (CLASS-02, CLASS-03)."""

    POTENTIAL = "POTENTIAL", _("Potential customer")
    BASE = "BASE", _("Base customer")
    OWNER = "OWNER", _("Retained customer")
    LOST = "LOST", _("Lost deal")


class AddressKind(TextChoices):
    HOME = "HOME", _("Home")
    WORK = "WORK", _("Work")
    REGISTERED = "REGISTERED", _("Registered")


class Tie(TextChoices):
    """What one customer is to another (INFO-11, INFO-09)."""

    HOUSEHOLD = "HOUSEHOLD", _("Same household")
    CONTACT = "CONTACT", _("Contact person of the company")
    REFERRER = "REFERRER", _("Was recommended by")


class Kin(TextChoices):
    """Who somebody of the family is to the customer (INFO-09)."""

    SPOUSE = "SPOUSE", _("Wife or husband")
    CHILD = "CHILD", _("Child")
    PARENT = "PARENT", _("Father or mother")
    SIBLING = "SIBLING", _("Brother or sister")
    OTHER = "OTHER", _("Somebody else of the family")


class Verification(TextChoices):
    """What the call centre found when it called (INFO-27, INFO-31)."""

    UNVERIFIED = "UNVERIFIED", _("Not verified")
    VALID = "VALID", _("Verified")
    INVALID = "INVALID", _("Wrong")


class Field(TextChoices):
    """What the standard of customer information speaks of, in the order in which it is asked (INFO-15)."""

    NAME = "NAME", _("Name")
    PHONE = "PHONE", _("Phone number")
    EMAIL = "EMAIL", _("E-mail address")
    WECHAT = "WECHAT", _("WeChat")
    GENDER = "GENDER", _("Gender")
    BIRTHDAY = "BIRTHDAY", _("Birthday")
    IDENTITY = "IDENTITY", _("Identity number")
    ADDRESS = "ADDRESS", _("Address")
    INDUSTRY = "INDUSTRY", _("Industry")
    OCCUPATION = "OCCUPATION", _("Occupation")
    HOBBIES = "HOBBIES", _("Hobbies")
    CHANNEL = "CHANNEL", _("Preferred channel")
    SOURCE = "SOURCE", _("Source")
    CONSULTANT = "CONSULTANT", _("Consultant")


OF_PEOPLE = frozenset({Field.GENDER, Field.BIRTHDAY, Field.OCCUPATION, Field.HOBBIES})  # a company has none of these


class Binding(TextChoices):
    """How binding a field of the standard is."""

    REQUIRED = "REQUIRED", _("Required at entry")
    EXPECTED = "EXPECTED", _("Expected of a complete record")
    OPTIONAL = "OPTIONAL", _("Optional")


class Doubt(TextChoices):
    """What is wrong with a record (INFO-30, INFO-32); the reasons of its quality."""

    NO_PHONE = "NO_PHONE", _("No phone number")
    JUNK_PHONE = "JUNK_PHONE", _("The phone number is a dummy")
    PHONE_DEAD = "PHONE_DEAD", _("No phone number that works")
    NO_EMAIL = "NO_EMAIL", _("No e-mail address")
    NO_WECHAT = "NO_WECHAT", _("No WeChat")
    NO_GENDER = "NO_GENDER", _("No gender")
    NO_BIRTHDAY = "NO_BIRTHDAY", _("No birthday")
    NO_IDENTITY = "NO_IDENTITY", _("No identity number")
    NO_ADDRESS = "NO_ADDRESS", _("No address")
    NO_INDUSTRY = "NO_INDUSTRY", _("No industry")
    NO_OCCUPATION = "NO_OCCUPATION", _("No occupation")
    NO_HOBBIES = "NO_HOBBIES", _("No hobbies")
    NO_CHANNEL = "NO_CHANNEL", _("No preferred channel")
    NO_SOURCE = "NO_SOURCE", _("No source")
    NO_CONSULTANT = "NO_CONSULTANT", _("No consultant")
    JUNK_NAME = "JUNK_NAME", _("The name is a dummy")
    STALE = "STALE", _("Not touched for a year")
    SHARED_PHONE = "SHARED_PHONE", _("Others have this phone number too")
    UNPROVEN = "UNPROVEN", _("Never reached")
    FOUND_WRONG = "FOUND_WRONG", _("Found wrong by the call centre")


# Who has one of these cannot be reached because of his record (INFO-26).
OUT_OF_REACH = (Doubt.NO_PHONE, Doubt.JUNK_PHONE, Doubt.PHONE_DEAD, Doubt.FOUND_WRONG)
