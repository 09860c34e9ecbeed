"""Values that say the same twice."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from pyoxigraph import Literal, Triple

from gcm.fields.names import fold
from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.words import shown
from gcm.validate.lexical import is_well_formed
from gcm.validate.remedy import Remove


def one_too_many(case: Case) -> Answer:
    """Find the one value too many, if it is another spelling of the value that stays."""
    path = case.finding.predicate
    statements = case.statements(path) if path is not None else []
    twins = [pair for pair in combinations(statements, 2) if _says_the_same(*pair)]
    if len(twins) != 1:
        return Answer()
    lesser = _lesser(twins[0])
    return Answer((), Remove(f"Remove {shown(case, lesser.object)}, which is said twice", statement=lesser))


def _says_the_same(one: Triple, other: Triple) -> bool:
    first, second = one.object, other.object
    if not isinstance(first, Literal) or not isinstance(second, Literal):
        return False
    if first.language or second.language:
        return first.language == second.language and fold(first.value) == fold(second.value)
    return _number(first) == _number(second) if _number(first) is not None else first.value == second.value


def _number(literal: Literal) -> Decimal | None:
    return Decimal(literal.value) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", literal.value) else None


def _lesser(pair: Sequence[Triple]) -> Triple:
    """Choose the value to remove: the one without a datatype, or with fewer letters, or the later."""

    def rank(statement: Triple) -> tuple[bool, bool, int, str]:
        value = statement.object
        assert isinstance(value, Literal)  # as `_says_the_same` has seen
        is_plain = value.datatype.value.endswith("#string") or not is_well_formed(value)
        return (not is_plain, value.value != value.value.lower(), len(value.value), value.value)

    return min(pair, key=rank)
