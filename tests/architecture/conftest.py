import pathlib
import tomllib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SOURCE = ROOT / "src" / "guanxi"


@pytest.fixture(scope="session")
def contracts():
    """The import contracts by id."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in found}


@pytest.fixture(scope="session")
def level(contracts):
    """Each capability's height in the map (0 = top)."""
    layers = contracts["map"]["layers"]
    return {name.strip(): i for i, line in enumerate(layers) for name in line.split("|")}
