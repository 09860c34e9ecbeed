"""The thing that may have been meant where a text, an unknown thing or one of another class stands."""

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field
from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.nearest import nearest
from gcm.validate.explain.words import candidate, thing
from gcm.validate.remedy import ReplaceObject


def other_thing(case: Case, field: Field, value: NamedNode | Literal) -> Answer:
    """Find the things that may have been meant, and a remedy if only one can be."""
    found = nearest(case, field, value)
    candidates = tuple(candidate(case, each) for each in found.things)
    if not found.is_sure:
        return Answer(candidates)
    return Answer(candidates, ReplaceObject(f"Write {thing(case, found.things[0])}", found.things[0]))
