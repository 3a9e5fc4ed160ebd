"""Cars, sales and visits of the small world: their histories agree with each other and with the carmaker's rules."""

import datetime

import pytest

from guanxi.config.demo.world.loading import DAYS_WITH_BILLS
from guanxi.foundation import clock

YEARS = 3


def _one(rows):
    return rows[0][0]


def test_no_visit_before_the_sale_but_the_one_that_prepares_it(ask):
    early = ask(
        "SELECT w.category FROM workshop_visit w JOIN vehicles_vehicle v ON v.id = w.vehicle_id WHERE w.entered_on <= v.sold_on"
    )
    assert {category for (category,) in early} == {"PDI"}
    oldest, newest = ask("SELECT min(entered_on), max(entered_on) FROM workshop_visit")[0]
    assert (clock.today() - oldest).days <= YEARS * 366
    assert clock.today() - newest <= datetime.timedelta(days=10)


def test_mileage_only_grows(ask):
    back = ask(
        "SELECT vehicle_id FROM (SELECT vehicle_id, km, lag(km) OVER (PARTITION BY vehicle_id ORDER BY read_on, km) AS before"
        " FROM vehicles_reading WHERE is_plausible) r WHERE km < before"
    )
    assert back == []
    assert ask("SELECT 1 FROM vehicles_reading r JOIN vehicles_vehicle v ON v.id = r.vehicle_id"
               " WHERE r.is_plausible AND (r.read_on > v.odometer_on OR r.km > v.odometer_km)") == []  # fmt: skip
    yearly = dict(ask(
        "SELECT s.line, avg(v.odometer_km * 365.25 / (v.odometer_on - v.sold_on))::int FROM vehicles_vehicle v"
        " JOIN vehicles_trim t ON t.id = v.trim_id JOIN vehicles_carmodel m ON m.id = t.model_id"
        " JOIN vehicles_series s ON s.id = m.series_id WHERE v.odometer_on > v.sold_on + 180 GROUP BY 1"
    ))  # fmt: skip
    assert 12_000 <= yearly["PASSENGER"] <= 26_000
    assert 45_000 <= yearly["COMMERCIAL"] <= 80_000


def test_every_visit_is_in_the_opening_of_its_outlet(ask):
    assert (
        ask(
            "SELECT 1 FROM workshop_visit w JOIN network_node n ON n.id = w.outlet_id WHERE w.entered_on < n.valid_from"
        )
        == []
    )
    assert ask(
        "SELECT 1 FROM workshop_visit w WHERE NOT EXISTS (SELECT 1 FROM network_openinghours h WHERE h.node_id = w.outlet_id"
        " AND h.desk = 'SERVICE' AND h.weekday = extract(isodow FROM w.entered_on) - 1)"
    ) == []  # fmt: skip
    assert (
        ask("SELECT 1 FROM vehicles_sale s JOIN network_outletprofile p ON p.node_id = s.outlet_id WHERE NOT p.sells")
        == []
    )


def test_categories_are_of_the_code_list_and_count_as_it_says(ask):
    known = dict(ask(
        "SELECT c.code, c.attributes ->> 'counts' = 'yes' FROM codelists_code c JOIN codelists_codelist l ON l.id = c.list_id"
        " WHERE l.code = 'visit_categories' AND c.level = 2"
    ))  # fmt: skip
    found = dict(ask("SELECT category, bool_and(counts) FROM workshop_visit GROUP BY 1"))
    assert len(found) >= 14
    assert {category: known[category] for category in found} == found


def test_a_warranty_claim_is_within_the_warranty_and_maintenance_within_the_plan(ask):
    assert ask(
        "SELECT 1 FROM workshop_visit w JOIN vehicles_vehicle v ON v.id = w.vehicle_id"
        " WHERE w.category = 'WARRANTY_CLAIM' AND w.entered_on > v.warranty_until"
    ) == []  # fmt: skip
    first = ask(
        "SELECT w.entered_on - v.sold_on, p.months, w.km, p.km FROM workshop_visit w JOIN vehicles_vehicle v"
        " ON v.id = w.vehicle_id JOIN vehicles_trim t ON t.id = v.trim_id JOIN vehicles_carmodel m ON m.id = t.model_id"
        " JOIN vehicles_maintenancestep p ON p.series_id = m.series_id AND p.kind = 'FIRST' WHERE w.category = 'FIRST_MAINTENANCE'"
    )
    assert len(first) > 50
    within = [days <= months * 31 and (km is None or km <= most * 1.1) for days, months, km, most in first]
    assert sum(within) / len(within) > 0.95
    twice = "SELECT vehicle_id FROM workshop_visit WHERE category = 'FIRST_MAINTENANCE' GROUP BY 1 HAVING count(*) > 1"
    assert ask(twice) == []


def test_the_bills_add_up(ask):
    assert ask("SELECT 1 FROM workshop_visit WHERE total <> labour + parts OR total < 0") == []
    assert ask(
        "SELECT w.id FROM workshop_visit w JOIN workshop_visitline l ON l.visit_id = w.id GROUP BY w.id, w.total"
        " HAVING sum(l.amount) <> w.total OR count(*) NOT BETWEEN 2 AND 4"
    ) == []  # fmt: skip
    lined = _one(ask("SELECT count(DISTINCT visit_id) FROM workshop_visitline"))
    recent = _one(
        ask(
            "SELECT count(*) FROM workshop_visit WHERE entered_on > %s",
            clock.today() - datetime.timedelta(days=DAYS_WITH_BILLS),
        )
    )
    assert abs(lined - recent) <= recent * 0.1  # the template may be a few days old
    assert ask("SELECT outlet_id, order_no FROM workshop_visit GROUP BY 1, 2 HAVING count(*) > 1") == []


@pytest.mark.covers("SYS-21")
def test_active_swing_and_lost_customers_all_occur(ask):
    """CLASS-28 to CLASS-32: three valid visits within a year, two, one, none."""
    counted = dict(ask(
        "SELECT least(3, coalesce(n, 0)), count(*) FROM vehicles_vehicle v LEFT JOIN (SELECT vehicle_id, count(*) AS n"
        " FROM workshop_visit WHERE counts AND entered_on > %s GROUP BY 1) w ON w.vehicle_id = v.id"
        " WHERE v.condition = 'IN_USE' GROUP BY 1", clock.today() - datetime.timedelta(days=365),
    ))  # fmt: skip
    cars = sum(counted.values())
    for visits in range(4):
        assert 0.08 <= counted[visits] / cars <= 0.5, counted


def test_cars_change_hands_and_somebody_wonders(ask):
    assert _one(ask("SELECT count(*) FROM vehicles_participant WHERE role = 'OWNER' AND until IS NOT NULL")) >= 5
    assert ask("SELECT vehicle_id FROM vehicles_participant WHERE role = 'OWNER' GROUP BY 1"
               " HAVING count(*) FILTER (WHERE until IS NULL) <> 1") == []  # fmt: skip
    assert ask(
        "SELECT w.id FROM workshop_visit w WHERE w.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vehicles_participant p"
        " WHERE p.vehicle_id = w.vehicle_id AND p.customer_id = w.customer_id AND p.role = 'OWNER' AND w.entered_on >= p.since"
        " AND (p.until IS NULL OR w.entered_on <= p.until))"
    ) == []  # fmt: skip
    states = dict(ask("SELECT state, count(*) FROM vehicles_ownerdoubt GROUP BY 1"))
    assert states["OPEN"] >= 2
    assert states["CONFIRMED"] >= 2
    assert {role for (role,) in ask("SELECT DISTINCT role FROM vehicles_participant")} == {
        "OWNER",
        "DRIVER",
        "CONTACT",
        "PAYER",
    }
    assert ask("SELECT 1 FROM workshop_visit w JOIN vehicles_vehicle v ON v.id = w.vehicle_id WHERE v.condition <> 'IN_USE'"
               " AND w.entered_on > CURRENT_DATE - 2") == []  # fmt: skip


def test_sales_agree_with_the_cars(ask):
    assert ask(
        "SELECT 1 FROM vehicles_sale s JOIN vehicles_vehicle v ON v.id = s.vehicle_id WHERE s.sold_on <> v.sold_on"
        " OR s.price NOT BETWEEN 10000 AND 1000000 OR v.made_on >= v.sold_on"
    ) == []  # fmt: skip
    uses = {use for (use,) in ask("SELECT DISTINCT use FROM vehicles_sale")}
    known = {code for (code,) in ask(
        "SELECT c.code FROM codelists_code c JOIN codelists_codelist l ON l.id = c.list_id WHERE l.code = 'vehicle_uses'"
    )}  # fmt: skip
    assert {"PRIVATE", "FREIGHT"} <= uses <= known
    terms = (
        "SELECT 1 FROM vehicles_vehicle v JOIN vehicles_trim t ON t.id = v.trim_id JOIN vehicles_carmodel m ON m.id = t.model_id"
        " JOIN vehicles_warrantyterm w ON w.series_id = m.series_id AND w.is_whole_car"
        " WHERE v.warranty_until <> (v.sold_on + make_interval(months => w.months))::date OR v.warranty_km <> w.km"
    )
    assert ask(terms) == []
