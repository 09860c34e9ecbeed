"""What the tests of tables share: the real graph, by file and as a whole."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from gcm.fields import read_fields
from gcm.fields.names import Names
from gcm.layout import find_sources
from gcm.tables import Surroundings
from gcm.turtle import read_triples
from pyoxigraph import Triple

ROOT = Path(__file__).parents[2]

Files = Mapping[Path, Sequence[Triple]]


@pytest.fixture(scope="session")
def files() -> Files:
    """Give the statements of ontology and data, file by file."""
    sources = find_sources(ROOT)
    paths = (*sources.ontology, *sources.data)
    return {path: [each.triple for each in read_triples(path)] for path in paths}


@pytest.fixture(scope="session")
def surroundings(files: Files) -> Surroundings:
    """Give the real graph, in which tables are read."""
    triples = [each for triples in files.values() for each in triples]
    return Surroundings.of(read_fields(find_sources(ROOT)), Names(triples), triples)
