"""A desk for each test."""

from pathlib import Path

import pytest
from gcm.desk import Desk

from tests.desk_world import Place, copy_place, lenient, make_small, make_world


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Build a small graph once."""
    return make_small(tmp_path_factory.mktemp("desk") / "small")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Build the world once."""
    return make_world(tmp_path_factory.mktemp("desk") / "world")


@pytest.fixture
def place(small: Place, tmp_path: Path) -> Place:
    """Give folders of its own to a test."""
    return copy_place(small, tmp_path / "place")


@pytest.fixture
def world(whole: Place, tmp_path: Path) -> Place:
    """Give the folders of the world to a test that really validates."""
    return copy_place(whole, tmp_path / "world")


@pytest.fixture
def desk(place: Place) -> Desk:
    """Open a desk that finds nothing wrong, for what is not about validation."""
    return place.desk(lenient)
