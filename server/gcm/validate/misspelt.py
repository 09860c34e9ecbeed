"""A header whose class is misspelt: which dataset it means, where that stands, and how to write it."""

import re

from pyoxigraph import NamedNode, Triple

from gcm.syntax import Locator, Part, Reading, Statement
from gcm.validate.explain.spelling import is_slip
from gcm.validate.explain.words import short_address
from gcm.validate.report import SYNTAX, Candidate, Fix, Result
from gcm.vocab import PREFIXES, THING, shorten

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_DATASET = NamedNode(PREFIXES["dcat"] + "Dataset")
_LAST_STEP = re.compile(r"[^:/#]*$")


def is_nearly_header(triple: Triple) -> bool:
    """Tell whether a statement is the header of a dataset but for the spelling of its class.

    Slips in our own namespace are left to the check of undeclared terms, as are all of the things under /id/.
    """
    dataset, predicate, cls = triple
    if predicate != _TYPE or not isinstance(dataset, NamedNode) or not isinstance(cls, NamedNode):
        return False
    if cls == _DATASET or cls.value.startswith(PREFIXES["gcm"]) or dataset.value.startswith(THING):
        return False
    return _is_nearly_dataset(cls)


def _is_nearly_dataset(cls: NamedNode) -> bool:
    """Tell whether a class is called as that of datasets, but in another namespace, case or spelling."""
    found = _LAST_STEP.search(cls.value)
    name = found[0].lower() if found else ""
    return name == "dataset" or is_slip(name, "dataset")


def misspelt_header(reading: Reading, statement: Statement) -> Result:
    """Say that the class of a header is misspelt, at its place, and how to write it."""
    dataset, predicate, cls = statement.triple
    assert isinstance(dataset, NamedNode)  # as `is_nearly_header` has found
    assert isinstance(cls, NamedNode)
    locator = Locator(reading)
    edits = locator.edit(statement, Part.OBJECT, _DATASET)
    right = shorten(_DATASET)
    return Result(
        place=locator.place(statement, Part.OBJECT),
        severity="violation",
        focus=dataset.value,
        predicate=predicate.value,
        value=cls.value,
        message=f"{short_address(cls)} is not the class of datasets, so nothing says that this is one.",
        source=SYNTAX,
        expected=f"Write {right} as the class in the header of the dataset.",
        candidates=(Candidate(_DATASET.value, "dataset", right),),
        fix=Fix(f"Write the class as {right}", edits) if edits else None,
    )
