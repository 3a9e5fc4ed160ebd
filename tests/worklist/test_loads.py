"""Sharing out and standing in, on paper."""

import datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.worklist.conftest import AT

from guanxi.worklist.policy import loads
from guanxi.worklist.policy.loads import Away, Piece

DAY = datetime.date(2026, 11, 24)
pieces = st.lists(st.integers(1, 9), max_size=40).map(
    lambda weights: [Piece(number, weight, AT) for number, weight in enumerate(weights)]
)
people = st.dictionaries(st.integers(1, 50), st.integers(0, 30), min_size=1, max_size=8)
absences = st.lists(
    st.builds(
        Away, st.integers(1, 6), st.just(DAY), st.just(DAY), st.one_of(st.none(), st.integers(1, 6))
    ),
    unique_by=lambda item: item.person,
)  # fmt: skip


@given(pieces, people)
def test_everything_is_shared_out_and_nobody_is_far_above_another(work, open_weight):
    chosen = loads.share(work, open_weight)
    assert set(chosen) == {piece.id for piece in work}
    after = dict(open_weight)
    for piece in work:
        after[chosen[piece.id]] += piece.weight
    heaviest = max((piece.weight for piece in work), default=0)
    got = [after[person] for person in after if after[person] > open_weight[person]]
    assert all(load - min(after.values()) <= heaviest for load in got)


@given(pieces, people, st.randoms())
def test_the_order_of_asking_changes_nothing(work, open_weight, chance):
    mixed = list(work)
    chance.shuffle(mixed)
    assert loads.share(mixed, open_weight) == loads.share(work, open_weight)


def test_nobody_to_share_with():
    assert loads.share([Piece(1, 1, AT)], {}) == {}


@given(absences, st.integers(1, 6))
def test_whoever_stands_in_is_there(away, person):
    found = loads.stand_in(away, person, DAY)
    assert found is None or found not in {item.person for item in away}
    if person not in {item.person for item in away}:
        assert found == person


def test_a_chain_is_followed_and_a_circle_ends():
    first, second = Away(1, DAY, DAY, 2), Away(2, DAY, DAY, 3)
    assert loads.stand_in([first, second], 1, DAY) == 3
    assert loads.stand_in([first, Away(2, DAY, DAY, 1)], 1, DAY) is None
    assert loads.stand_in([first], 1, DAY + datetime.timedelta(1)) == 1
