"""The datasets hold what the database holds, after rows were added, changed and deleted, and after a restore."""

import pytest
from django.db import connection

from guanxi.foundation.columnar import run
from guanxi.insight import datasets
from guanxi.insight.models import Mark, Part
from guanxi.vehicles.models import Reading

pytestmark = pytest.mark.django_db
READINGS = next(fact for fact in datasets.FACTS if fact.name == "readings")


def export():
    folder = datasets.place()
    with connection.cursor() as cursor, datasets.opened(folder) as duck:
        read = datasets.export(cursor, duck, folder)["readings"]
        rows = run(duck, f"SELECT id, km, is_plausible FROM {datasets.files(READINGS, folder)} ORDER BY id")
    return read, rows


def stored():
    return list(Reading.objects.order_by("pk").values_list("pk", "km", "is_plausible"))


def test_an_export_follows_what_is_added_changed_and_deleted(cast):
    read, rows = export()
    assert (read, rows) == (len(rows), stored())
    first, second, third = Reading.objects.order_by("pk")[:3]
    Reading.objects.filter(pk=first.pk).update(km=first.km + 1)
    Reading.objects.filter(pk=second.pk).delete()
    Reading.objects.create(
        vehicle=third.vehicle, read_on="2020-01-01", km=3, source="CAR", touched_at=third.touched_at
    )  # fmt: skip
    again, rows = export()
    assert rows == stored()
    assert again >= len(rows)  # one is gone: its span is read anew, and here there is only one
    Reading.objects.filter(pk=third.pk).update(km=third.km + 2)
    again, rows = export()
    assert rows == stored()
    assert again < len(rows) / 10  # nobody is gone: only what this transaction wrote is read


def test_as_many_added_as_deleted_are_not_mistaken(cast):
    export()
    old = Reading.objects.order_by("pk").first()
    Reading.objects.create(vehicle=old.vehicle, read_on="2020-01-02", km=4, source="CAR", touched_at=old.touched_at)
    old.delete()
    assert export()[1] == stored()


def test_a_lost_file_and_a_mark_from_elsewhere_are_answered_by_reading_all(cast):
    count = len(stored())
    export()
    (datasets.root() / Part.objects.filter(dataset="readings").first().file).unlink()
    assert export() == (count, stored())
    Mark.objects.filter(dataset="readings").update(origin="1/1", oldest=1)
    assert export()[0] == count


def test_what_nobody_names_is_removed(cast):
    export()
    orphan = datasets.root() / "readings-0-broken.parquet"
    orphan.write_bytes(b"half a file")
    export()
    assert not orphan.exists()
    named = set(Part.objects.values_list("file", flat=True))
    assert named <= {path.name for path in datasets.root().iterdir()}
