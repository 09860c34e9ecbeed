"""What of a submission is looked at, and how strictly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: What is told how far a validation is, in words for people.
Progress = Callable[[str], None]

#: What is published must conform; in a draft, things may be missing.
STRICT, DRAFT = "strict", "draft"

#: The profiles, and what each is for.
PROFILES: Mapping[str, str] = MappingProxyType(
    {
        STRICT: "What is to be published: whatever must be there is there.",
        DRAFT: "Work in progress: what is missing is a warning.",
    }
)


@dataclass(frozen=True)
class Options:
    """How a submission is checked.

    `shapes` are IRIs of shapes and names of checks; with any, only their results are told, and those of the
    property shapes of a node shape. `nodes` are IRIs; with any, only results about them. What cannot be read
    is always told. `with_datasets`: whether each dataset is also written in canonical form.
    `only_changes`: a dataset that the graph has already is looked at only where what is given says something
    else; what stays as it was is told of only for faults that the change brings.
    """

    profile: str = STRICT
    shapes: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    with_datasets: bool = True
    only_changes: bool = False

    def __post_init__(self) -> None:
        """Refuse a profile that there is not, with ValueError."""
        if self.profile not in PROFILES:
            raise ValueError(f"There is no profile {self.profile!r}; take one of {', '.join(PROFILES)}.")
