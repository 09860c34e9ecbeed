"""What is sent to a desk: files, texts of datasets, or statements; and what becomes of each dataset."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode

from gcm.desk.statements import Statements, read_statements
from gcm.desk.values import Change
from gcm.errors import DeskError, SubmissionError
from gcm.given import Given
from gcm.turtle import write_triples
from gcm.validate import Report
from gcm.validate.report import SYNTAX
from gcm.vocab import DATASET, PREFIXES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_DATASET_CLASS = NamedNode(PREFIXES["dcat"] + "Dataset")

_PUBLICATION = NamedNode(PREFIXES["gcm"] + "PublishedChange")

#: The rest of a dataset's IRI, which becomes the name of its file.
_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_LONGEST_NAME = 100

#: The dataset that this program writes itself.
PUBLICATIONS = NamedNode(DATASET + "publications")


@dataclass(frozen=True)
class Checked:
    """What a check says: the report, and the canonical Turtle of each dataset that could be read."""

    report: Report
    datasets: Mapping[NamedNode, str]


class Checker(Protocol):
    """Checks files in the context of the present graph; what is given takes the place of its datasets."""

    def __call__(
        self, given: Sequence[Given], *, without: Collection[Path] = (), with_datasets: bool = True
    ) -> Checked:
        """Check; the files `without` are taken not to be there. `with_datasets`: also write what is given."""


@dataclass(frozen=True)
class StatementEdit:
    """Statements that come to a dataset, or go from it. `header` makes the dataset if there is none."""

    dataset: NamedNode
    add: Statements = frozenset()
    remove: Statements = frozenset()
    header: Statements = frozenset()


def texts_of_edits(edits: Iterable[StatementEdit], present: Mapping[NamedNode, str]) -> dict[NamedNode, str]:
    """Give the text of each dataset after edits.

    Raises DeskError if one would remove what is not there, or speaks of no dataset.
    """
    texts: dict[NamedNode, str] = {}
    for edit in edits:
        text = texts.get(edit.dataset, present.get(edit.dataset, ""))
        statements = read_statements(text) if text else edit.header
        if not statements:
            raise DeskError(f"There is no dataset <{edit.dataset.value}>; send its header too.")
        if edit.remove - statements:
            gone = min(str(each) for each in edit.remove - statements)
            raise DeskError(f"The dataset does not hold what is to be removed from it: {gone}. Begin anew.")
        texts[edit.dataset] = write_triples((statements - edit.remove) | edit.add)
    return texts


def changes_of(texts: Mapping[NamedNode, str], present: Mapping[NamedNode, str]) -> tuple[Change, ...]:
    """Give what becomes of each dataset, leaving out those that stay as they are.

    Raises DeskError if nothing changes, or if a dataset may not be written.
    """
    changes = []
    for dataset, text in sorted(texts.items(), key=lambda each: each[0].value):
        before = present.get(dataset, "")
        change = Change(dataset, before, text)
        if change.added or change.removed:
            _refuse_wrong_dataset(change)
            changes.append(change)
    if not changes:
        raise DeskError("Nothing would change: the graph says all of this already.")
    return tuple(changes)


def _refuse_wrong_dataset(change: Change) -> None:
    dataset = change.dataset
    if dataset == PUBLICATIONS:
        raise DeskError(f"<{dataset.value}> records what was published; only publications change it.")
    if any(each.predicate == _TYPE and each.object == _PUBLICATION for each in change.added):
        raise DeskError("Publications record themselves; leave out what is said to be a gcm:PublishedChange.")
    file_name(dataset)
    if change.after and _headers_after(change) != {dataset}:
        raise DeskError(f"The text does not say that it is the dataset <{dataset.value}>; add its header.")


def _headers_after(change: Change) -> set[object]:
    """Give what is a dataset after a change; before it, if there was a text, that was the dataset itself."""
    gone, come = (
        {each.subject for each in statements if (each.predicate, each.object) == (_TYPE, _DATASET_CLASS)}
        for statements in (change.removed, change.added)
    )
    return ({change.dataset} if change.before else set()) - gone | come


def file_name(dataset: NamedNode) -> str:
    """Name the file of a new dataset. Raises DeskError if its IRI makes no plain name."""
    name = dataset.value.removeprefix(DATASET)
    is_ours = dataset.value.startswith(DATASET)
    if not is_ours or not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise DeskError(
            f"<{dataset.value}> is no name for a dataset of this graph; take one such as <{DATASET}my-data>, "
            f"with small letters, digits and hyphens, {_LONGEST_NAME} at most."
        )
    return f"{name}.ttl"


def subjects_of(changes: Iterable[Change]) -> frozenset[NamedNode]:
    """Collect the things that changes speak of."""
    statements = (each for change in changes for each in change.added | change.removed)
    return frozenset(each.subject for each in statements if isinstance(each.subject, NamedNode))


def refuse_unreadable(checked: Checked, given: Sequence[Given]) -> None:
    """Raise SubmissionError if a file could not be read, or two are the same dataset."""
    for result in checked.report.results:
        if result.source == SYNTAX:
            raise SubmissionError(result.message, file=result.place.file, line=result.place.line)
    if not checked.datasets:
        names = ", ".join(each.name for each in given) or "what was sent"
        raise SubmissionError("no dataset can be read from it; add its header.", file=names)
