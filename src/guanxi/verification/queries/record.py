"""The record as a call compares it: whom and what it is about, and what it holds of each field."""

import datetime
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from guanxi.codelists.queries import in_language
from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.customers.states import Channel, Gender
from guanxi.foundation import divisions, sealing
from guanxi.foundation.actor import Actor
from guanxi.foundation.personal_data import mask_phone
from guanxi.network.models import Node
from guanxi.vehicles.models import Sale, Vehicle
from guanxi.vehicles.queries import cars, catalogue
from guanxi.verification import policy
from guanxi.verification.models import Check, Field, Occasion
from guanxi.verification.permissions import Verb
from guanxi.verification.states import About, Source, Truth, Verdict
from guanxi.workshop.models import Visit, VisitLine

LONGEST, FEW, UNSAID = 400, 10, "–"


@dataclass(frozen=True)
class Subject:
    """What a check is about: the record of a customer, with the sale or the repair that it verifies."""

    occasion: Occasion
    customer: Customer
    outlet_id: int
    vehicle: Vehicle | None = None
    sale: Sale | None = None
    visit: Visit | None = None


@dataclass(frozen=True)
class Asked:
    """Of which call it is asked what it verifies: the codes of its rules and its kind, whom and which cars it is about,
    where it is made and on which day; ``anchor`` is the day that it comes from.
    """

    keys: Sequence[str]
    customer: Customer
    car_ids: Collection[int]
    place_id: int
    day: datetime.date
    anchor: datetime.date | None = None


@dataclass(frozen=True)
class Compared:
    """A field beside what the record holds: as it is shown, the digest of the whole, whether it is obviously junk."""

    field: Field
    shown: str
    digest: bytes
    is_junk: bool = False

    @property
    def ask(self) -> str:
        return in_language(self.field.ask_zh, self.field.ask_en)


def fields() -> dict[str, Field]:
    """Return the fields in use, in their order; one query."""
    return {row.pk: row for row in Field.objects.filter(is_active=True).order_by("position", "code")}


def occasions() -> list[Occasion]:
    """Return the occasions in use; one query."""
    return list(Occasion.objects.filter(is_active=True).order_by("code"))


def subject_of(actor: Actor, asked: Asked) -> Subject | None:
    """Return what a call verifies: by the first of its keys at which records are verified, if there is a sale or a
    repair of that time that was not verified yet; None: nothing, or the actor verifies nothing there.
    """
    if not actor.can(Verb.CHECK, asked.place_id):
        return None
    held = occasions()
    for key in asked.keys:
        for occasion in held:
            if key in occasion.fits and (found := _about(occasion, asked)) is not None:
                return found
    return None


def _about(occasion: Occasion, asked: Asked) -> Subject | None:
    if occasion.about == About.SALE:
        return _sold(occasion, asked)
    return _came(occasion, asked) if occasion.about == About.VISIT else None


def _sold(occasion: Occasion, asked: Asked) -> Subject | None:
    decided = {"verdict__in": (Verdict.VALID, Verdict.INVALID)}
    done = Check.objects.filter(customer=asked.customer, vehicle_id=OuterRef("vehicle_id"), visit=None, **decided)
    since = asked.day - datetime.timedelta(days=occasion.within_days)
    rows = Sale.objects.filter(~Exists(done), customer=asked.customer, sold_on__range=(since, asked.day))
    rows = rows.filter(vehicle_id__in=asked.car_ids) if asked.car_ids else rows
    sale = rows.select_related("outlet").order_by("-sold_on", "-pk").first()
    if sale is None:
        return None
    return Subject(occasion, asked.customer, sale.outlet_id, car(sale.vehicle_id), sale)


def _came(occasion: Occasion, asked: Asked) -> Subject | None:
    done = Check.objects.filter(visit_id=OuterRef("pk")).exclude(truth=Truth.OPEN)
    since = asked.day - datetime.timedelta(days=occasion.within_days)
    rows = Visit.objects.filter(~Exists(done), category__in=occasion.of, entered_on__range=(since, asked.day))
    cars_only = {"vehicle_id__in": asked.car_ids} if asked.car_ids else {"customer": asked.customer}
    found = list(rows.filter(**cars_only).select_related("outlet").order_by("-entered_on", "-pk")[:FEW])
    if not found:
        return None
    visit = next((row for row in found if (row.left_on or row.entered_on) == asked.anchor), found[0])
    return Subject(occasion, asked.customer, visit.outlet_id, car(visit.vehicle_id), visit=visit)


def car(pk: int | None) -> Vehicle | None:
    """Return a car as far as it is in sight; one query."""
    return cars.named([pk]).get(pk) if pk else None


def compared(subject: Subject) -> list[Compared]:
    """Return the fields of an occasion beside what the record holds now, in the order of the fields."""
    asked = set(subject.occasion.fields)
    return read(subject, [row for code, row in fields().items() if code in asked])


def read(subject: Subject, asked: Collection[Field]) -> list[Compared]:
    """Return some fields beside what the record holds now."""
    found = []
    for field in asked:
        value = READERS[Source(field.source)](subject)
        shown = SHOWN.get(Source(field.source), str)(value)
        digest, is_junk = sealing.digest(f"{field.source}:{value}"), policy.is_junk(field.source, value)
        found.append(Compared(field, shown[:LONGEST], digest, is_junk))
    return found


def _mobile(subject: Subject) -> str:
    points = customers.points([subject.customer.pk]).get(subject.customer.pk, [])
    return next((row.value for row in points if row.channel == Channel.MOBILE), "")


def _address(subject: Subject) -> str:
    rows = customers.addresses(subject.customer)
    if not rows:
        return ""
    codes = (rows[0].province, rows[0].city, rows[0].district)
    words = [divisions.shown(held) for code in codes if code and (held := divisions.get(code))]
    return "".join(dict.fromkeys(words)) + rows[0].line


def divisions_of(row: Customer) -> dict[str, str]:
    """Return the divisions of the address that a call compares, by their names; one query."""
    held = next(iter(customers.addresses(row)), None)
    codes = {level: getattr(held, level) for level in ("province", "city", "district")} if held else {}
    return {level: divisions.shown(found) for level, code in codes.items() if code and (found := divisions.get(code))}


def trims() -> list[tuple[str, str]]:
    """Return the trims of the catalogue to choose from; one query."""
    return [(str(row.pk), f"{row.model.name} · {row.name}") for row in catalogue.trims()]


def _work(subject: Subject) -> str:
    if subject.visit is None:
        return ""
    lines = list(VisitLine.objects.filter(visit=subject.visit).order_by("position"))
    covered = [line.name for line in lines if line.is_warranty]
    return "、".join(covered or [line.name for line in lines]) or UNSAID


def _model(subject: Subject) -> str:
    row = subject.vehicle
    if row is None or row.trim is None:
        return row.model_text if row else ""
    return f"{row.trim.model.name_zh} {row.trim.name_zh}"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _of_sale(name: str) -> Callable[[Subject], str]:
    return lambda subject: _text(getattr(subject.sale, name, None))


def _of_visit(name: str) -> Callable[[Subject], str]:
    return lambda subject: _text(getattr(subject.visit, name, None))


def _name(node: Node | None) -> str:
    return node.name_zh if node else ""


READERS: dict[Source, Callable[[Subject], str]] = {
    Source.NAME: lambda subject: subject.customer.name,
    Source.MOBILE: _mobile,
    Source.GENDER: lambda subject: subject.customer.gender,
    Source.BIRTHDAY: lambda subject: _text(subject.customer.born_on),
    Source.ADDRESS: _address,
    Source.MODEL: _model,
    Source.PLATE: lambda subject: subject.vehicle.plate if subject.vehicle else "",
    Source.VIN: lambda subject: subject.vehicle.vin if subject.vehicle else "",
    Source.SOLD_ON: _of_sale("sold_on"),
    Source.SOLD_AT: lambda subject: _name(subject.sale.outlet if subject.sale else None),
    Source.CAME_ON: _of_visit("entered_on"),
    Source.CAME_TO: lambda subject: _name(subject.visit.outlet if subject.visit else None),
    Source.MILEAGE: _of_visit("km"),
    Source.WORK: _work,
    Source.NOTHING: lambda _subject: UNSAID,
}
SHOWN: dict[Source, Callable[[str], str]] = {
    Source.MOBILE: mask_phone,
    Source.GENDER: lambda value: str(Gender(value).label) if value else "",
}


def subject_at(occasion: Occasion, customer: Customer, vehicle_id: int | None, visit_id: int | None) -> Subject:
    """Return what a check was about, as the record stands now."""
    visit = Visit.objects.select_related("outlet").filter(pk=visit_id).first() if visit_id else None
    sold = Sale.objects.filter(customer=customer, vehicle_id=vehicle_id) if vehicle_id else Sale.objects.none()
    sale = sold.select_related("outlet").order_by("-sold_on", "-pk").first()
    outlet_id = visit.outlet_id if visit else sale.outlet_id if sale else 0
    return Subject(occasion, customer, outlet_id, car(vehicle_id), sale, visit)
