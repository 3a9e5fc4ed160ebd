"""Lets years pass in a site: ``python -m tests.journeys.years VERB …``, every moment being a parameter."""

import datetime
import json
import sys

import django
from django.db import connection

HOUR = datetime.timedelta(hours=1)
OUTLET = "YLHD001"
SAMPLE = {
    "name_zh": "购车后第三日抽访", "name_en": "Sample call on day 3", "anchor": "DELIVERY", "opens": 3, "due": 5,
    "channel": "PHONE", "purpose": "SERVICE", "role_id": "call_centre_agent", "where": "CALL_CENTRE", "cap_id": "call",
    "coverage": 40, "priority": 1,
}  # fmt: skip


def begin(day, count):
    """Empty the world of its customers, let all rules have held for years, and deliver cars on a day."""
    from guanxi.care.models import Rule
    from guanxi.config.demo.world import removing
    from guanxi.customers.services import recording
    from guanxi.foundation import clock
    from guanxi.foundation.actor import SYSTEM
    from guanxi.insight.models import Night
    from guanxi.network.models import Node
    from guanxi.worklist.models import Task

    removing.remove(day=clock.today(), done=lambda _count: None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    Task.objects.all().delete()
    Night.objects.all().delete()
    Rule.objects.update(since=datetime.date(2015, 1, 1))
    long_ago = clock.start_of(datetime.date(2015, 1, 1))
    Rule.objects.create(code="x_day3_sample", since=long_ago.date(), made_at=long_ago, **SAMPLE)
    outlet, at = Node.objects.get(code=OUTLET).pk, clock.start_of(day) + 10 * HOUR
    made = []
    for number in range(count):
        newcomer = recording.Newcomer(
            {"name": f"万里{number}"}, mobile=f"1380013{number:04d}", category="OWNER",
            address={"province": "31", "city": "3101", "line": f"衡山路{number + 1}号"}, consultant_id=_consultant(),
        )  # fmt: skip
        made.append(recording.add_customer(actor=SYSTEM, outlet_id=outlet, newcomer=newcomer, at=at, day=day).pk)
        _agree(made[-1], outlet, at)
        _deliver(made[-1], outlet, number, day, at)
    return made


def _consultant():
    from guanxi.access.models import User

    return User.objects.get(username="sales").pk


def _agree(customer, outlet, at):
    from guanxi.foundation.actor import SYSTEM
    from guanxi.network.models import Ancestry
    from guanxi.privacy.services import consents

    group = Ancestry.objects.filter(descendant_id=outlet, ancestor__kind="GROUP").values_list("ancestor_id", flat=True)
    for recipient in (outlet, *group[:1]):
        for purpose in ("SERVICE", "CARE"):
            for medium in ("PHONE", "LETTER", "SMS", "WECHAT"):
                decision = consents.Decision(
                    recipient_id=recipient, purpose=purpose, medium=medium, standing="GIVEN", proof="购车合同",
                    given_at=at,
                )  # fmt: skip
                consents.record_consent(actor=SYSTEM, customer_id=customer, decision=decision, at=at)


def _deliver(customer, outlet, number, day, at):
    """Sell a car, and let the reaction to the sale run as the worker would."""
    from guanxi.care.services import nightly
    from guanxi.foundation.actor import SYSTEM
    from guanxi.vehicles.models import Trim
    from guanxi.vehicles.services import cars, papers
    from tests import garage

    trim = Trim.objects.filter(model__code="YL-AY-V6").order_by("code").first().pk
    new = cars.NewCar(vin=garage.vin(900 + number), plate=f"沪A9{number:04d}", trim_id=trim, since=day)
    car = cars.add_vehicle(actor=SYSTEM, customer_id=customer, car=new, at=at)
    sale = papers.NewSale(outlet_id=outlet, sold_on=day)
    papers.sell(actor=SYSTEM, vehicle_id=car.pk, customer_id=customer, sale=sale, at=at)
    nightly.make_tasks_of(actor=SYSTEM, customer_id=customer, anchors=["DELIVERY"], at=at + HOUR)


def nights(*days):
    """Let the passes of some nights run: states first, then what has settled itself, then tasks."""
    from guanxi.care.services import nightly, settling
    from guanxi.foundation import clock
    from guanxi.foundation.actor import SYSTEM
    from guanxi.insight.services import night

    for day in days:
        at = clock.start_of(day) + 2 * HOUR
        night.pass_night(actor=SYSTEM, day=day, at=at)
        settling.settle(actor=SYSTEM, customers=None, at=at + HOUR)
        nightly.make_tasks(actor=SYSTEM, day=day, at=at + HOUR)


def visit(day, customer, category):
    """Bring the car of a customer to the workshop for a day."""
    from guanxi.care.services import settling
    from guanxi.foundation import clock
    from guanxi.foundation.actor import SYSTEM
    from guanxi.network.models import Node
    from guanxi.vehicles.models import Participant
    from guanxi.workshop.services import recording

    report = recording.Report(order_no=f"W{day:%y%m%d}", category=category, entered_on=day, left_on=day)
    at = clock.start_of(day) + 18 * HOUR
    recording.record_visit(
        actor=SYSTEM, outlet_id=Node.objects.get(code=OUTLET).pk, report=report, at=at,
        vehicle_id=Participant.objects.get(customer_id=customer, role="OWNER").vehicle_id,
    )  # fmt: skip
    settling.settle(actor=SYSTEM, customers=[customer], at=at)


def main(verb, *words):
    django.setup()
    from guanxi.foundation import db
    from guanxi.foundation.actor import SYSTEM

    read = datetime.date.fromisoformat
    with db.scoped(SYSTEM):
        if verb == "begin":
            made = begin(read(words[0]), int(words[1]))
        elif verb == "nights":
            made = nights(*map(read, words))
        else:
            made = visit(read(words[0]), int(words[1]), words[2])
    print(json.dumps(made))  # noqa: T201 -- the answer to whoever called


if __name__ == "__main__":
    main(*sys.argv[1:])
