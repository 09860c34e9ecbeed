"""What proposals change, as statements in the graphs of their datasets."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from gcm.describe.overlay import Difference

if TYPE_CHECKING:  # a server without a desk does without all that
    from gcm.desk import Change


def difference_of(changes: "Iterable[Change]") -> Difference:
    """Give the statements that come and go with changes of datasets."""
    listed = tuple(changes)
    added, removed = (
        frozenset(
            Quad(each.subject, each.predicate, each.object, change.dataset)
            for change in listed
            for each in (change.added if comes else change.removed)
        )
        for comes in (True, False)
    )
    return Difference(added, removed)
