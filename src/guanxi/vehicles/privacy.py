"""Where personal data lives in vehicles: a car leads to the people who own and drive it."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding(
        "vehicles.Series",
        {"id": N, "name_zh": N, "name_en": N, "brand": N, "code": N, "line": N, "guarantee": N, "is_current": N},
    ),
    Holding(
        "vehicles.CarModel",
        {
            "id": N,
            "name_zh": N,
            "name_en": N,
            "series": N,
            "code": N,
            "powertrain": N,
            "aliases": N,
            "sold_from": N,
            "sold_to": N,
        },
    ),
    Holding(
        "vehicles.Trim",
        {"id": N, "name_zh": N, "name_en": N, "model": N, "code": N, "list_price": N, "currency": N, "is_current": N},
    ),
    Holding("vehicles.Feature", {"id": N, "name_zh": N, "name_en": N, "series": N, "kind": N, "code": N, "price": N}),
    Holding(
        "vehicles.WarrantyTerm",
        {
            "id": N,
            "name_zh": N,
            "name_en": N,
            "series": N,
            "code": N,
            "months": N,
            "km": N,
            "is_whole_car": N,
            "valid_from": N,
        },
    ),
    Holding(
        "vehicles.MaintenanceStep",
        {
            "id": N,
            "name_zh": N,
            "name_en": N,
            "series": N,
            "kind": N,
            "code": N,
            "months": N,
            "km": N,
            "is_free": N,
            "position": N,
        },
    ),
    Holding(
        "vehicles.Vehicle",
        {
            "id": N,
            "touched_at": N,
            "run_id": N,
            "vin": P,
            "is_vin_doubtful": N,
            "trim": N,
            "model_text": N,
            "colour": N,
            "engine_no": P,
            "made_on": N,
            "plate": P,
            "condition": N,
            "condition_on": N,
            "sold_on": P,
            "warranty_until": P,
            "warranty_km": N,
            "insured_until": P,
            "inspected_until": P,
            "odometer_km": P,
            "odometer_on": P,
        },
    ),
    Holding(
        "vehicles.Plate", {"id": N, "touched_at": N, "run_id": N, "vehicle": P, "number": P, "since": P, "until": P}
    ),
    Holding(
        "vehicles.Participant",
        {"id": N, "touched_at": N, "run_id": N, "vehicle": P, "customer": P, "role": P, "since": P, "until": P},
    ),
    Holding(
        "vehicles.Sale",
        {
            "id": N,
            "touched_at": N,
            "run_id": N,
            "vehicle": P,
            "customer": P,
            "outlet": N,
            "sold_on": P,
            "consultant": S,
            "consultant_name": S,
            "price": P,
            "currency": N,
            "use": P,
            "order_no": P,
        },
    ),
    Holding(
        "vehicles.Cover",
        {"id": N, "touched_at": N, "run_id": N, "vehicle": P, "name": N, "since": P, "until": P, "km": N},
    ),
    Holding(
        "vehicles.Reading",
        {"id": N, "touched_at": N, "run_id": N, "vehicle": P, "read_on": P, "km": P, "source": N, "is_plausible": N},
    ),
    Holding(
        "vehicles.OwnerDoubt",
        {
            "id": N,
            "vehicle": P,
            "outlet": N,
            "seen_on": P,
            "name": P,
            "phone": P,
            "state": N,
            "decided_at": N,
            "run_id": N,
        },
    ),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
