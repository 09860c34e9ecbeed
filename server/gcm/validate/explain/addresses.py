"""The web address that may have been meant where a text, or an address of another kind, stands."""

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field
from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.words import candidate, written
from gcm.validate.remedy import ReplaceObject

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[^\s<>\"{}|\\^`]*)?", re.IGNORECASE
)


def other_address(case: Case, field: Field, value: NamedNode | Literal) -> Answer:
    """Find the address that was meant; sure if it is written out with http or https."""
    readings = [each for each in _readings(value.value.strip()) if each != value and _fits(field, each)]
    fitting = readings[:1]
    candidates = tuple(candidate(case, each) for each in fitting)
    is_written_out = _ADDRESS.fullmatch(value.value.strip()) is not None
    if not fitting or not is_written_out:
        return Answer(candidates)
    return Answer(candidates, ReplaceObject(f"Write the address {written(fitting[0])}", fitting[0]))


def _readings(text: str) -> Iterable[NamedNode]:
    bare = text.strip("<>").strip()
    if _ADDRESS.fullmatch(bare):
        yield NamedNode(bare)
        yield NamedNode(_other_scheme(bare))
    elif re.fullmatch("Q[1-9][0-9]*", bare):
        yield NamedNode(f"http://www.wikidata.org/entity/{bare}")
    elif _WITHOUT_SCHEME.fullmatch(bare):
        yield NamedNode(f"https://{bare}")


def _other_scheme(address: str) -> str:
    scheme, _, rest = address.partition("://")
    host = rest.removeprefix("www.")
    return f"{'http' if scheme.lower() == 'https' else 'https'}://{host}"


def _fits(field: Field, address: NamedNode) -> bool:
    return all(re.search(each, address.value) for each in field.patterns)
