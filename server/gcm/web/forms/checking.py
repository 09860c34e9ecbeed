"""A draft as the dataset that it would make, and what the validation says of that."""

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, serialize

from gcm.given import Form, Given
from gcm.turtle import canonical_text
from gcm.validate import Options, Report
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
    nodes = {each.subject for each in draft.add | draft.remove | draft.header}
    about = tuple(sorted(each.value for each in nodes if isinstance(each, NamedNode)))
    options = Options(nodes=about, with_datasets=False, only_changes=True)
    return bench().check([given], options=options).report


def write_dataset(draft: Draft, world: World) -> str:
    """Write the dataset as it would be, in canonical Turtle."""
    lines = serialize(dataset_after(draft, world), format=RdfFormat.N_TRIPLES) or b""
    return canonical_text(lines.decode(), path=Path("dataset.ttl"))
