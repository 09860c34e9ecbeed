"""A desk for each test."""

from pathlib import Path

import pytest
from gcm.desk import Desk

from tests.desk_world import Place, copy_place, lenient, make_place


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Build the world once."""
    return make_place(tmp_path_factory.mktemp("desk") / "pattern")


@pytest.fixture
def place(pattern: Place, tmp_path: Path) -> Place:
    """Give folders of its own to a test."""
    return copy_place(pattern, tmp_path / "place")


@pytest.fixture
def desk(place: Place) -> Desk:
    """Open a desk that finds nothing wrong, for what is not about validation."""
    return place.desk(lenient)
