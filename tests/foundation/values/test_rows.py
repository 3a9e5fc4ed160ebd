"""Rows of a form that buttons add, move and remove."""

from guanxi.foundation.values.rows import rearranged


def test_rows_are_added_moved_and_removed():
    rows = ["a", "b", "c"]
    assert rearranged(rows, "up", 2, "n") == ["a", "c", "b"]
    assert rearranged(rows, "down", 0, "n") == ["b", "a", "c"]
    assert rearranged(rows, "up", 0, "n") == rearranged(rows, "down", 2, "n") == rows
    assert rearranged(rows, "remove", 1, "n") == ["a", "c"]
    assert rearranged(rows, "add", -1, "n") == ["a", "b", "c", "n"]
    assert rearranged(rows, "remove", 7, "n") == rows
