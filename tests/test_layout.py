"""Which files make up the graph."""

from pathlib import Path

import pytest
from gcm.errors import SourceError
from gcm.layout import find_sources, graph_root

SMALL = Path(__file__).parent / "small"


def names(paths: tuple[Path, ...]) -> list[str]:
    return [f"{path.parent.name}/{path.name}" for path in paths]


def test_the_root_holds_the_three_folders() -> None:
    assert {"ontology", "shapes", "data"} <= {path.name for path in graph_root().iterdir()}


def test_files_are_found_by_folder_and_sorted() -> None:
    sources = find_sources(SMALL)
    assert names(sources.ontology) == ["ontology/core.ttl"]
    assert names(sources.shapes) == ["shapes/core.ttl"]
    assert names(sources.checks) == ["checks/duplicate-label.rq", "checks/no-date.rq"]
    assert names(sources.data) == ["data/actors.ttl", "data/pledges.ttl"]
    assert sources.files == sources.ontology + sources.shapes + sources.data


@pytest.mark.parametrize(
    ("with_own_data", "expected"),
    [
        (True, ["data/actors.ttl", "data/pledges.ttl", "mine/a.ttl", "mine/b.ttl"]),
        (False, ["mine/a.ttl", "mine/b.ttl"]),
    ],
)
def test_other_data_stand_beside_ours_or_instead(
    tmp_path: Path, with_own_data: bool, expected: list[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("b.ttl", "a.ttl", "notes.txt"):
        (mine / name).write_text("")
    assert names(find_sources(SMALL, data=[mine], with_own_data=with_own_data).data) == expected


@pytest.mark.parametrize(
    ("name", "words"), [("gone", "no such folder"), ("empty", "no file that ends in .ttl")]
)
def test_a_folder_without_data_is_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=words) as caught:
        find_sources(SMALL, data=[tmp_path / name])
    assert caught.value.path == tmp_path / name
