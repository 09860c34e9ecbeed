"""A draft as the dataset that it would make, and what the validation says of that."""

from pyoxigraph import NamedNode, RdfFormat, serialize

from gcm.given import Form, Given
from gcm.turtle import write_triples
from gcm.validate import Options, Report, Result
from gcm.vocab import dump_stem
from gcm.web.forms.draft import Draft
from gcm.web.forms.world import Statements, World
from gcm.web.validation import bench


def dataset_after(draft: Draft, world: World) -> Statements:
    """Give all that the dataset of a draft would say: of one that is not chosen yet, only what is new."""
    before = draft.header or (world.content(draft.dataset) if draft.dataset else frozenset())
    return (before - draft.remove) | draft.add


def check_draft(draft: Draft, world: World) -> Report:
    """Check what a draft would make of its dataset. Raises LimitError if that takes too long or too much."""
    if draft.is_empty:
        return Report(())
    statements = sorted(dataset_after(draft, world) | draft.assumed, key=str)
    lines = serialize(statements, format=RdfFormat.N_TRIPLES) or b""
    name = dump_stem(draft.dataset) if draft.dataset else "draft"
    given = Given(f"{name}.nt", lines, Form.N_TRIPLES)
    options = Options(nodes=_nodes(draft), with_datasets=False, only_changes=True)
    return bench().check([given], options=options).report


def results_about(draft: Draft, report: Report) -> list[Result]:
    """Take from the report of a proposal what `check_draft` says of its draft."""
    nodes = _nodes(draft)
    return [each for each in report.results if each.focus in nodes]


def _nodes(draft: Draft) -> tuple[str, ...]:
    nodes = {each.subject for each in draft.add | draft.remove | draft.header}
    return tuple(sorted(each.value for each in nodes if isinstance(each, NamedNode)))


def write_dataset(draft: Draft, world: World) -> str:
    """Write the dataset as it would be, in canonical Turtle."""
    return write_triples(dataset_after(draft, world))
