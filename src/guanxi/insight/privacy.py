"""Which fields of analysis are about a person: the datasets beside the database hold keys, days and mileages only, and
the effect of rules counts.
"""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, P = Sensitivity.NONE, Sensitivity.PERSONAL


def register() -> None:
    """Declare what is kept."""
    declare(
        Holding("insight.Mark", dict.fromkeys(("id", "dataset", "origin", "oldest"), N)),
        Holding("insight.Part", dict.fromkeys(("id", "dataset", "number", "file", "rows"), N)),
        Holding("insight.Night", dict.fromkeys(("id", "day", "done_at", "owners", "cars", "changes"), N)),
        Holding("insight.Touched", {"id": N, "customer_id": P, "vehicle_id": P}),
        Holding("insight.EffectTerms", dict.fromkeys(("id", "source", "came_days", "bought_days", "fewest"), N)),
        Holding(
            "insight.Effect",
            dict.fromkeys(
                (
                    "id", "rule", "code", "place", "month", "arm", "customers", "contacted", "reached", "closed",
                    "came", "settled", "bought", "days",
                ),
                N,
            ),
        ),
    )  # fmt: skip
