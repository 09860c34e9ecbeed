"""Benches for tests of what stands before them: one that checks in this process, one with its own rule."""

from collections.abc import Sequence
from pathlib import Path

from gcm.errors import GcmError
from gcm.given import Edit, Given, Place
from gcm.validate import Options, Outcome
from gcm.validate.context import Context
from gcm.validate.mend import decoded
from gcm.validate.report import Candidate, Fix, Report, Result
from gcm.validate.run import check

DEFAULTS = Options()


class InProcess:
    """Checks as the real one does, in the graph of a version, without processes."""

    def __init__(self, version: Path) -> None:
        self._context = Context.of_version(version)
        self._known: dict[tuple[tuple[Given, ...], Options], Outcome] = {}  # the same gives the same

    def check(self, given: Sequence[Given], *, options: Options = DEFAULTS, leaver: object = None) -> Outcome:
        """Check a submission."""
        del leaver
        asked = (tuple(given), options)
        if asked not in self._known:
            self._known[asked] = check(given, self._context, options=options)
        return self._known[asked]


class Speller:
    """Finds the invented place ZZQ wherever it stands, and says that ZZA was meant."""

    def check(self, given: Sequence[Given], *, options: Options = DEFAULTS, leaver: object = None) -> Outcome:
        """Check a submission."""
        del options, leaver
        return Outcome(Report(tuple(result for each in given for result in _find(each))))


class Failing:
    """Fails with one error."""

    def __init__(self, error: GcmError) -> None:
        self._error = error

    def check(self, given: Sequence[Given], *, options: Options = DEFAULTS, leaver: object = None) -> Outcome:
        """Fail."""
        del given, options, leaver
        raise self._error


def _find(given: Given) -> list[Result]:
    text, at, found = decoded(given) or "", -1, list[Result]()
    while (at := text.find("ZZQ", at + 1)) >= 0:
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        found.append(
            Result(
                place=Place(given.name, line, column, line, column + 3),
                severity="violation",
                focus="http://example.org/pledge/1",
                predicate="http://example.org/isMadeBy",
                value="https://w3id.org/gcm/id/place/ZZQ",
                message="Nothing is called <ZZQ>.",
                source="https://w3id.org/gcm/shapes/Commitment-isMadeBy",
                expected="A State.",
                candidates=(
                    Candidate("https://w3id.org/gcm/id/place/ZZA", "Zedland", "ZZA"),
                    Candidate("", "a literal", '"ZZB"'),
                ),
                fix=Fix("Write ZZA.", (Edit(given.name, at, at + 3, "ZZA"),)),
            )
        )
    return found
