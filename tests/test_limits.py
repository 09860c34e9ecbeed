"""The limits: each has a unit, a reason and a variable that sets it."""

from dataclasses import fields

import pytest
from gcm.errors import ServerError
from gcm.limits import Limits, read_limits, sentence, variable

NAMES = [each.name for each in fields(Limits)]
UNITS = (
    "attempts",
    "seconds",
    "bytes",
    "changes",
    "count",
    "links",
    "memory",
    "nesting",
    "optionals",
    "pages",
    "previews",
    "queries",
    "restarts",
    "results",
    "rows",
    "unions",
    "validations",
    "uploads",
    "validations",
    "versions",
    "workers",
    "cells",
)


@pytest.mark.parametrize("name", NAMES)
def test_each_limit_has_its_unit_its_reason_and_its_variable(name: str) -> None:
    assert name.endswith(UNITS)
    assert sentence(name).endswith(".")
    limits = read_limits({variable(name): "7", "HOME": "/root"})
    assert {each: getattr(limits, each) for each in NAMES} == vars(Limits()) | {name: 7}


def test_without_variables_the_defaults_are_in_force() -> None:
    assert read_limits({}) == Limits()


@pytest.mark.parametrize("value", ["", "0", "-1", "many", "nan", "inf", "1 s"])
def test_a_value_without_meaning_is_refused(value: str) -> None:
    with pytest.raises(ServerError, match=r"GCM_QUERY_SECONDS is .*; set it to a number above 0"):
        read_limits({"GCM_QUERY_SECONDS": value})
