"""Files whose syntax one slip of the hand has broken: what it did to a line, and on which it must be told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from random import Random

from gcm.given import Form, Given

from tests.corpus.bases import Base, moved
from tests.corpus.faults import Fault
from tests.corpus.measure import Case
from tests.corpus.writing import SUFFIX, write

#: Where broken files begin to be numbered, behind those of wrong statements and before tables.
FIRST = 20_000
#: Of each slip, in each syntax that can have it, so many files.
EACH = 3
#: So many files are looked at for lines on which a slip can happen.
_TRIES = 500
#: Things of which there are only so many: their codes have three letters.
_SCARCE = ("place", "state")

_SENTENCES = (Form.TURTLE, Form.TRIG)
_LINES = (Form.N_TRIPLES, Form.N_QUADS)
_NO_UTF_8 = "\udce9"  # stands for the byte E9, which is é in Windows-1252 (PEP 383)


@dataclass(frozen=True)
class Slip:
    """What a hand does: the pattern becomes the replacement, and is told so many lines `below`."""

    kind: str
    forms: tuple[Form, ...]
    pattern: str
    replacement: str
    below: int = 0


_TEXT = r'"((?:[^"\\]|\\.)+)"'

SLIPS = (
    Slip("a quotation mark left out", _SENTENCES, _TEXT + r"(?=\S* [;.])", r'"\1'),
    Slip("a quotation mark left out", _LINES, _TEXT, r'"\1'),
    Slip("a quotation mark left out", (Form.JSON_LD,), r'^(\s*\{"@\w+": "[^"\\]+)"', r"\1"),
    Slip("quotation marks left out", (Form.RDF_XML,), r'="([^"]+)"', r"=\1"),
    Slip("curly quotation marks", (*_SENTENCES, *_LINES), _TEXT, r"“\1”"),
    Slip("curly quotation marks", (Form.JSON_LD,), r'": "([^"\\]+)"', r'": “\1”'),
    Slip("the end of an address left out", _SENTENCES, r"<([^>\s]+)>(?= [;.])", r"<\1"),
    Slip("the end of an address left out", _LINES, r"^<([^>]+)>", r"<\1"),
    Slip("a prefix that is not declared", _SENTENCES, r"^    ([a-z]+):", r"    \1x:"),
    Slip("a prefix that is not declared", (Form.RDF_XML,), r"^    <(\w+)(:.*/>)$", r"    <\1x\2"),
    Slip("a name for an address", _LINES, r"^<[^>]+>", "gcm:Pledge"),
    Slip("a value left out", _SENTENCES, r"^(    \S+) .*? ([;.])(?=  #|$)", r"\1 \2"),
    Slip("a value left out", (Form.N_TRIPLES,), r"^(\S+ \S+) .* \.$", r"\1 ."),
    Slip("a semicolon left out", _SENTENCES, r" ;(?=  #)", ""),
    Slip("a dot left out", (Form.TURTLE, *_LINES), r" \.$", ""),
    Slip("a comma left out", (Form.JSON_LD,), r"\},$", "}", below=1),
    Slip("a colon left out", (Form.JSON_LD,), r'^(\s*\{"@\w+"):', r"\1"),
    Slip("a bracket too many", _SENTENCES, r" ([;.])(?=  #|$)", r" ] \1"),
    Slip("a word that is none", (Form.JSON_LD,), r"\{.*\}", "None"),
    Slip("an end tag misspelt", (Form.RDF_XML,), r"</(\w+:\w+)>$", r"</\1s>"),
    Slip("a & in a text", (Form.RDF_XML,), r">([^<]+)<", r">\1 & more<"),
    Slip("a < in a text", (Form.RDF_XML,), r">([^<]+)<", r">\1 < more<"),
    Slip("not UTF-8", (*_SENTENCES, *_LINES, Form.JSON_LD), r'"(\w[^"\\]+)"', rf'"\1{_NO_UTF_8}"'),
    Slip("not UTF-8", (Form.RDF_XML,), r">([^<]+)<", rf">\1{_NO_UTF_8}<"),
)


def make_broken(seed: int, bases: Sequence[Base], *, each: int = EACH) -> list[Case]:
    """Break files by each slip in each syntax, on lines that are drawn by lot."""
    random = Random(seed)
    numbers = count(FIRST)
    fitting = [base for base in bases if base.form.name not in _SCARCE]
    cases: list[Case] = []
    for slip in SLIPS:
        for form in slip.forms:
            tries = (_break(slip, form, random.choice(fitting), next(numbers), random) for _ in range(_TRIES))
            cases += islice((found for found in tries if found), each)
    return cases


def _break(slip: Slip, form: Form, base: Base, number: int, random: Random) -> Case | None:
    """Break one line of a file; None if it has none on which the slip could happen."""
    own, statements = moved(base.statements, base, number)
    written = write(form, statements, dataset=own.dataset)
    lines = written.text.split("\n")
    places = [at for at, line in enumerate(written.lines) if re.search(slip.pattern, lines[line - 1])]
    if not places:
        return None
    position = random.choice(places)
    line = written.lines[position]
    lines[line - 1] = re.sub(slip.pattern, slip.replacement, lines[line - 1], count=1)
    data = "\n".join(lines).encode(errors="surrogateescape")
    given = Given(f"broken-{number}.{SUFFIX[form]}", data, form)
    fault = Fault(slip.kind, own, statements, position, in_syntax=True)
    return Case(fault, form, given, frozenset({line + slip.below}), frozenset())
