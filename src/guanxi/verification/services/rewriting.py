"""Writing the value that is right into a wrong field of the record, by the services that keep the record (INFO-27)."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.customers.services import reaching, recording
from guanxi.customers.states import AddressKind, Channel, Gender, PointState
from guanxi.foundation import clock, db, divisions
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.foundation.values import phones
from guanxi.vehicles.services import cars, papers
from guanxi.verification.models import Correction, Field, Order, Round
from guanxi.verification.queries import orders, record
from guanxi.verification.states import Place, Source, Typed

LEVELS = ("province", "city", "district")
FIRST = datetime.date(1900, 1, 1)


@dataclass(frozen=True)
class Change:
    """A field that was written, as it was and as it is; what is personal masked."""

    field: Field
    before: str
    after: str


def place(code: str, part: str = "") -> str:
    """Return the name under which the value of a field goes in forms and refusals."""
    return f"value.{code}.{part}" if part else f"value.{code}"


def asked_at(field: Field) -> str:
    """Return where a form says what is wrong with a field: at its value, or at the words if it takes none."""
    if Source(field.source) not in WRITERS:
        return "measure"
    return place(field.pk, "line" if field.source == Source.ADDRESS else "")


def rewrite(*, actor: Actor, row: Order, values: Mapping[str, Typed], at: datetime.datetime) -> list[Change]:
    """Write the values of wrong fields of a locked order, in the transaction of its answer: each by the service of the
    customer or the car with its own right, check and line on the trail. Every refusal names its field.

    :raises NotAllowed: the actor may not change this customer or this car.
    :raises Invalid: a field is not wrong here, is not corrected in an answer, or its value cannot be accepted.
    """
    if not values:
        return []
    wrong = {line.field_id: line.field for line in orders.wrong_lines(row)}
    found = [_fault(code, wrong.get(code), row) for code in values]
    problems = [problem for problem in found if problem is not None]
    if problems:
        raise Invalid(problems[0].message, problems=problems)
    fields = [wrong[code] for code in values]
    before = {item.field.pk: item.shown for item in record.read(orders.subject_of(row), fields)}
    for field in fields:
        problems += _written(actor, row, field, values[field.pk], at)
    if problems:
        raise Invalid(problems[0].message, problems=problems)
    row.customer.refresh_from_db()
    return [
        Change(item.field, before[item.field.pk], item.shown) for item in record.read(orders.subject_of(row), fields)
    ]


def keep(made: Round, changes: list[Change]) -> None:
    """Keep with an answer what it wrote."""
    Correction.objects.bulk_create(
        Correction(answer=made, field=change.field, before=change.before, after=change.after) for change in changes
    )


def _fault(code: str, field: Field | None, row: Order) -> Problem | None:
    if field is None:
        return Problem(_("This field is not wrong on this order."), place(code))
    source = Source(field.source)
    if source not in WRITERS or (source in WITH_CAR and row.vehicle_id is None):
        return Problem(_("This field is corrected on its own page."), place(code))
    return None


def _written(actor: Actor, row: Order, field: Field, typed: Typed, at: datetime.datetime) -> list[Problem]:
    """Write one value; return what its service refuses, at the field."""
    try:
        with db.atomic():
            WRITERS[Source(field.source)](actor, row, typed, at)
    except (Invalid, Conflict) as error:
        parts = LEVELS if field.source == Source.ADDRESS else ()
        return [
            Problem(item.message, place(field.pk, _part(item.field, parts, field))) for item in error.problems
        ]  # fmt: skip
    return []


def _part(name: str, parts: tuple[str, ...], field: Field) -> str:
    if name in parts:
        return name
    return "line" if field.source == Source.ADDRESS else ""


def _plain(typed: Typed) -> str:
    words = typed.strip() if isinstance(typed, str) else ""
    if not words:
        raise Invalid(_("This is needed."))
    return words


def _date(typed: Typed) -> datetime.date:
    try:
        return datetime.date.fromisoformat(_plain(typed))
    except ValueError:
        raise Invalid(_("Write the day as 1990-05-01.")) from None


def _name(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    fields = {"name": _plain(typed)}
    recording.change_customer(actor=actor, customer_id=row.customer_id, fields=fields, at=at)


def _gender(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    if typed not in Gender.values:
        raise Invalid(_("Choose one of the values offered."))
    recording.change_customer(actor=actor, customer_id=row.customer_id, fields={"gender": typed}, at=at)


def _birthday(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    day = _date(typed)
    if not FIRST <= day <= clock.day_of(at):
        raise Invalid(_("Nobody was born on this day."))
    recording.change_customer(actor=actor, customer_id=row.customer_id, fields={"born_on": day}, at=at)


def _mobile(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    """Make another number the main one, new or known; the one that stood there is a wrong number from now on."""
    found = phones.clean(_plain(typed)).value
    if found is None or found.mobile is None:
        raise Invalid(_("A mobile number has eleven digits and begins with 13 to 19."))
    rows = customers.points([row.customer_id]).get(row.customer_id, [])
    held = [point for point in rows if point.channel == Channel.MOBILE]
    if held and held[0].value == found.mobile:
        raise Invalid(_("The record says this already."))
    point = next((point for point in held if point.value == found.mobile), None)
    pk = row.customer_id
    if point is None:
        point = reaching.add_point(actor=actor, customer_id=pk, channel=Channel.MOBILE, value=found.mobile, at=at)
    states = {point.pk: PointState.VALID} | ({held[0].pk: PointState.WRONG} if held else {})
    for point_id, state in states.items():
        reaching.set_point_state(actor=actor, customer_id=pk, point_id=point_id, state=state, at=at)
    reaching.make_main(actor=actor, customer_id=pk, point_id=point.pk, at=at)


def _address(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    if not isinstance(typed, Place) or not typed.line.strip():
        raise Invalid(_("This is needed."), field="line")
    found = divisions.resolve(typed.province, typed.city, typed.district)
    unknown = [name for name in LEVELS if getattr(typed, name).strip() and getattr(found, name) is None]
    if unknown:
        raise Invalid(problems=[Problem(_("No division has this name."), name) for name in unknown])
    codes = {name: division.code if (division := getattr(found, name)) else "" for name in LEVELS}
    held = customers.addresses(row.customer)
    reaching.set_address(
        actor=actor, customer_id=row.customer_id, kind=held[0].kind if held else AddressKind.HOME,
        values=codes | {"line": typed.line.strip()[:160]}, at=at,
    )  # fmt: skip


def _plate(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    number, since = _plain(typed), clock.day_of(at)
    cars.set_plate(actor=actor, vehicle_id=row.vehicle_id or 0, number=number, since=since, at=at)


def _vin(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    cars.change_vehicle(actor=actor, vehicle_id=row.vehicle_id or 0, values={"vin": _plain(typed)}, at=at)


def _sold_on(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    sale, day = orders.subject_of(row).sale, _date(typed)
    if sale is None:
        raise Invalid(_("There is no sale whose day could be corrected."))
    papers.correct_sale(actor=actor, sale_id=sale.pk, sold_on=day, at=at)


def _model(actor: Actor, row: Order, typed: Typed, at: datetime.datetime) -> None:
    code = _plain(typed)
    if not code.isdecimal():
        raise Invalid(_("The catalogue has no such trim."))
    cars.change_vehicle(actor=actor, vehicle_id=row.vehicle_id or 0, values={"trim_id": int(code)}, at=at)


Writer = Callable[[Actor, Order, Typed, datetime.datetime], None]
WITH_CAR: dict[Source, Writer] = {
    Source.MODEL: _model,
    Source.PLATE: _plate,
    Source.VIN: _vin,
    Source.SOLD_ON: _sold_on,
}
WRITERS: dict[Source, Writer] = {
    Source.NAME: _name, Source.MOBILE: _mobile, Source.GENDER: _gender, Source.BIRTHDAY: _birthday,
    Source.ADDRESS: _address, **WITH_CAR,
}  # fmt: skip
