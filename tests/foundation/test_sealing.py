"""Sealed values."""

import pytest

from guanxi.foundation import sealing

NUMBER = "11010519491231002X"


@pytest.mark.covers("NFR-01")
def test_a_sealed_text_opens_and_looks_different_each_time():
    first, second = sealing.seal(NUMBER), sealing.seal(NUMBER)
    assert sealing.open_sealed(first) == sealing.open_sealed(second) == NUMBER
    assert first != second
    assert NUMBER.encode() not in first


def test_an_altered_text_is_refused():
    sealed = bytearray(sealing.seal(NUMBER))
    sealed[-1] ^= 1
    with pytest.raises(ValueError, match="another key"):
        sealing.open_sealed(bytes(sealed))


def test_another_key_neither_opens_nor_finds(settings):
    sealed, mark = sealing.seal(NUMBER), sealing.digest(NUMBER)
    assert sealing.digest(NUMBER) == mark
    sealing._keys.cache_clear()
    settings.DATA_KEY = "another"
    try:
        assert sealing.digest(NUMBER) != mark
        with pytest.raises(ValueError, match="another key"):
            sealing.open_sealed(sealed)
    finally:
        sealing._keys.cache_clear()
