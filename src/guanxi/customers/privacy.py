"""Where personal data lives in customers: everything that says who somebody is and how he is reached."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P, X = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL, Sensitivity.SECRET

HOLDINGS = (
    Holding(
        "customers.Customer",
        {
            "id": N,
            "touched_at": P,
            "run_id": N,
            "kind": P,
            "name": P,
            "reading": P,
            "initials": P,
            "gender": P,
            "born_on": P,
            "identity_kind": P,
            "identity_sealed": X,
            "identity_digest": P,
            "identity_tail": P,
            "industry": P,
            "occupation": P,
            "hobbies": P,
            "preferred_channel": P,
            "verification": P,
            "verified_at": P,
            "merged_into": N,
            "created_at": P,
        },
    ),
    Holding(
        "customers.ContactPoint",
        {
            "id": N,
            "touched_at": N,
            "run_id": N,
            "customer": P,
            "channel": P,
            "value": P,
            "label": P,
            "is_primary": P,
            "state": P,
            "proven_at": P,
        },
    ),
    Holding(
        "customers.Address",
        {
            "id": N,
            "touched_at": N,
            "run_id": N,
            "customer": P,
            "kind": P,
            "province": P,
            "city": P,
            "district": P,
            "line": P,
            "postcode": P,
        },
    ),
    Holding(
        "customers.Relation",
        {
            "id": N,
            "touched_at": N,
            "run_id": N,
            "customer": P,
            "outlet": N,
            "category": P,
            "source": P,
            "consultant": S,
            "consultant_name": S,
            "tags": P,
            "holds_material": P,
            "knows_location": P,
            "has_no_grudge": P,
            "has_contact_plan": P,
            "since": P,
            "ended_on": P,
        },
    ),
    Holding("customers.Association", {"id": N, "touched_at": N, "run_id": N, "customer": P, "other": P, "tie": P}),
    Holding("customers.ExternalId", {"id": N, "touched_at": N, "run_id": N, "customer": P, "source": P, "value": P}),
    Holding(
        "customers.Note", {"id": N, "customer": P, "outlet": N, "body": P, "author_id": S, "author_name": S, "at": P}
    ),
    Holding(
        "customers.Attachment",
        {
            "id": N,
            "customer": P,
            "outlet": N,
            "name": P,
            "content_type": N,
            "size": N,
            "content": P,
            "author_name": S,
            "at": P,
        },
    ),
    Holding(
        "customers.Quality",
        {
            "customer": P,
            "complete": P,
            "valid": P,
            "fresh": P,
            "unique": P,
            "proven": P,
            "score": P,
            "doubts": P,
            "as_of": N,
        },
    ),
    Holding(
        "customers.OutletQuality",
        {
            "id": N,
            "outlet": N,
            "day": N,
            "customers": N,
            "usable": N,
            "verified": N,
            "complete": N,
            "valid": N,
            "fresh": N,
            "unique": N,
            "proven": N,
            "score": N,
        },
    ),
    Holding(
        "customers.Merge",
        {
            "id": N,
            "kept": P,
            "gone": P,
            "at": N,
            "person_id": S,
            "person_name": S,
            "before": P,
            "after": P,
            "moved": P,
            "undone_at": N,
        },
    ),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
