"""Previews: the version that a change would make, what differs then, and how little of it stays."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from gcm.describe.affected import Reach
from gcm.describe.figures import Measure
from gcm.errors import SourceError
from gcm.layout import Sources, find_sources, graph_root
from gcm.limits import Limits
from gcm.load import Version, build, version_id
from gcm.preview import Order, Outcome, Previews
from gcm.preview.making import make
from gcm.preview.order import read_order, write_order
from gcm.preview.outcome import read_figures, read_outcome
from gcm.query import open_version
from gcm.vocab import shorten

pytestmark = pytest.mark.server

COMMITMENTS = "world-commitments.ttl"

#: A pledge more, written under the others.
PLEDGE = """
pledge:950 a gcm:Pledge ; gcm:isMadeBy place:ZZB ; gcm:isAbout objective:7 ; skos:prefLabel "One more"@en .
"""


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Find the files of the invented world."""
    root = graph_root()
    return find_sources(root, data=[root / "tests" / "world"], with_own_data=False)


@pytest.fixture(scope="module")
def base(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Build the world."""
    return build(sources, tmp_path_factory.mktemp("store"), progress=lambda _: None)


Ordering = Callable[[Mapping[Path, str]], Order]


@pytest.fixture
def order_of(sources: Sources, base: Version) -> Ordering:
    """Give what makes orders on the world."""
    return lambda texts: Order("7", base.path, sources, texts)


def path_in(sources: Sources, name: str) -> Path:
    return next(path for path in sources.data if path.name == name)


def made(order: Order, folder: Path, *, kept: int = 3) -> Outcome:
    """Make a preview as its process does."""
    folder.mkdir(exist_ok=True)
    place = folder / "orders" / f"{order.name}-{order.key}"
    if not place.exists():
        write_order(order, place)
    return make(folder, read_order(place), kept=kept, most_pages=1_000)


@pytest.fixture
def more(sources: Sources, order_of: Ordering) -> Order:
    """Order the world with a pledge more."""
    path = path_in(sources, COMMITMENTS)
    return order_of({path: path.read_text("utf-8") + PLEDGE})


def test_a_preview_says_what_differs(more: Order, tmp_path: Path) -> None:
    outcome = made(more, tmp_path)
    assert {shorten(each.iri): each.reach for each in outcome.pages.pages}["pledge:950"] is Reach.NEW
    counted = {(each.measure, shorten_name(each.name)): (each.before, each.after) for each in outcome.figures}
    assert counted[Measure.CLASS, "Pledge"] == (3, 4)
    assert counted[Measure.DATASET, "world-commitments"] == (114, 118)
    assert read_outcome(tmp_path / "outcomes" / "7.json") == outcome


def shorten_name(name: str) -> str:
    return name.rpartition("/")[2]


def test_a_preview_is_the_version_that_the_files_would_make(
    more: Order, sources: Sources, tmp_path: Path
) -> None:
    outcome = made(more, tmp_path / "previews")
    path = path_in(sources, COMMITMENTS)
    written = tmp_path / COMMITMENTS
    written.write_text(more.texts[path], "utf-8")
    data = tuple(written if each == path else each for each in sources.data)
    assert outcome.version == version_id(replace(sources, data=data))


def test_a_dataset_that_goes_and_one_that_comes(sources: Sources, order_of: Ordering, tmp_path: Path) -> None:
    gone, come = path_in(sources, "world-law-2015.ttl"), tmp_path / "world-law-1999.ttl"
    text = gone.read_text("utf-8").replace("world-law-2015", "world-law-1999")
    outcome = made(order_of({gone: "", come: text}), tmp_path)
    found = {shorten(each.iri): each.reach for each in outcome.pages.pages}
    assert found["gcmd:world-law-2015"] is Reach.REMOVED
    assert found["gcmd:world-law-1999"] is Reach.NEW
    version = open_version(tmp_path / "versions" / outcome.version)
    files = {each.file for each in version.graphs}
    assert come.name in files
    assert gone.name not in files


def test_the_same_order_is_not_made_twice_and_another_is(
    more: Order, order_of: Ordering, tmp_path: Path
) -> None:
    first = made(more, tmp_path)
    built = (tmp_path / "versions" / first.version).stat().st_mtime_ns
    assert made(more, tmp_path) == first
    assert (tmp_path / "versions" / first.version).stat().st_mtime_ns == built
    (path,) = more.texts
    other = order_of({path: more.texts[path].replace("One more", "One other")})
    assert made(other, tmp_path).version != first.version


def test_old_previews_go(more: Order, order_of: Ordering, base: Version, tmp_path: Path) -> None:
    (path,) = more.texts
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "before.json").write_text("[]", "utf-8")
    for word in ("first", "second", "third"):
        last = made(order_of({path: more.texts[path].replace("One more", word)}), tmp_path, kept=2)
    versions = {each.name for each in (tmp_path / "versions").iterdir()}
    assert len(versions) == 2
    assert last.version in versions
    assert [each.stem for each in (tmp_path / "figures").iterdir()] == [base.id]


def test_what_is_over_goes_and_what_others_use_stays(more: Order, tmp_path: Path) -> None:
    first, same = made(more, tmp_path), made(replace(more, name="8"), tmp_path)
    previews = Previews(tmp_path, limits=Limits())
    assert first.version == same.version
    previews.retire("7")
    assert previews.path(first).is_dir()
    (tmp_path / "outcomes" / "8.json").unlink()
    previews.retire("7")
    previews.retire("7")
    previews.retire("9")
    assert not previews.path(first).exists()
    assert previews.last("7") == first
    assert previews.find(more) is None
    again = made(more, tmp_path)
    assert previews.find(more) == again == first


def test_figures_of_the_base_are_counted_once(more: Order, base: Version, tmp_path: Path) -> None:
    made(more, tmp_path)
    path = tmp_path / "figures" / f"{base.id}.json"
    assert read_figures(path)
    path.write_text("[]", "utf-8")
    (tmp_path / "outcomes" / "7.json").unlink()
    assert all(each.before is None for each in made(more, tmp_path).figures)


def test_what_is_no_turtle_is_no_preview(sources: Sources, order_of: Ordering, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        made(order_of({path_in(sources, COMMITMENTS): "nonsense"}), tmp_path)
    assert not [*(tmp_path / "versions").iterdir()]


def test_a_preview_is_made_by_a_process_of_its_own(more: Order, tmp_path: Path) -> None:
    previews = Previews(tmp_path / "previews", limits=Limits())
    assert previews.find(more) is None
    outcome = previews.ask(more, seconds=60)
    assert outcome is not None
    assert outcome == previews.find(more)
    assert previews.path(outcome).is_dir()
    assert not [*(tmp_path / "previews" / "orders").iterdir()]
    assert not previews.has_failed(more)


def test_a_preview_that_fails_says_so_and_is_not_tried_again(
    sources: Sources, order_of: Ordering, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = order_of({path_in(sources, COMMITMENTS): "nonsense"})
    previews = Previews(tmp_path, limits=Limits())
    assert previews.ask(wrong, seconds=60) is None
    assert previews.has_failed(wrong)
    assert COMMITMENTS in caplog.text
    caplog.clear()
    assert previews.ask(wrong, seconds=60) is None
    assert not caplog.records


def test_a_preview_that_takes_too_long_is_ended(more: Order, tmp_path: Path) -> None:
    previews = Previews(tmp_path, limits=Limits(preview_seconds=0.01))
    assert previews.ask(more, seconds=60) is None
    assert previews.has_failed(more)
