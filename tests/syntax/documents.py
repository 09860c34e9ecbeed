"""Invented documents for tests: random graphs, written with random layout, comments and short forms."""

import json

from gcm.given import Form, Given
from gcm.limits import Limits
from gcm.syntax import Reading, Statement, read
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, Triple

PREFIXES = "@prefix : <http://example.org/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"

_NAMES = st.sampled_from(
    [":a", ":b", ":c", "<http://example.org/d>", "<http://example.net/e#f>", ":x.y", ":g-1"]
)
_BLANKS = st.sampled_from(["_:n", "_:m"])
_LITERALS = st.sampled_from(
    [
        '"plain"',
        "'single'",
        '"""two\nlines # no comment"""',
        '"tag"@en',
        '"2024-01-31"^^xsd:date',
        "7",
        "-1.5",
        "2e3",
        "true",
        '"semicolon ; dot . [ ( # "',
        '"ünï"@de-CH',
        r'"esc \" \u00e9"',
        r"'it\'s'",
    ]
)
_GAPS = st.sampled_from([" ", "\n", "\n    ", "\t", " # a comment ; with . signs\n", "  "])
_VERBS = st.one_of(_NAMES, st.just("a"))


@st.composite
def _values(draw: st.DrawFn, depth: int) -> str:
    plain = st.one_of(_NAMES, _BLANKS, _LITERALS)
    if depth == 0:
        return draw(plain)
    kind = draw(st.sampled_from(["plain", "plain", "plain", "bracket", "list"]))
    if kind == "plain":
        return draw(plain)
    if kind == "list":
        members = draw(st.lists(_values(depth - 1), max_size=3))
        return "(" + "".join(draw(_GAPS) + member for member in members) + draw(_GAPS) + ")"
    inner = draw(st.one_of(st.just(""), _pairs(depth - 1)))
    return f"[{draw(_GAPS)}{inner}{draw(_GAPS)}]"


@st.composite
def _pairs(draw: st.DrawFn, depth: int) -> str:
    pairs = []
    for _ in range(draw(st.integers(1, 3))):
        values = draw(st.lists(_values(depth), min_size=1, max_size=3))
        joined = f"{draw(_GAPS)},{draw(_GAPS)}".join(values)
        pairs.append(f"{draw(_VERBS)}{draw(_GAPS)}{joined}{draw(_GAPS)}")
    end = draw(st.sampled_from(["", ";", ";" + draw(_GAPS)]))
    return f";{draw(_GAPS)}".join(pairs) + end


@st.composite
def _sentences(draw: st.DrawFn) -> str:
    subject = draw(st.one_of(_NAMES, _BLANKS, st.just("[]"), st.just("[ :b :c ]"), st.just("( 1 2 )")))
    return f"{subject}{draw(_GAPS)}{draw(_pairs(2))}{draw(_GAPS)}."


@st.composite
def turtle(draw: st.DrawFn) -> str:
    """Make a Turtle document."""
    sentences = draw(st.lists(_sentences(), min_size=1, max_size=4))
    return PREFIXES + "".join(f"{each}{draw(_GAPS)}" for each in sentences)


@st.composite
def trig(draw: st.DrawFn) -> str:
    """Make a TriG document."""
    text = PREFIXES
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(["", ":g1", "GRAPH :g2", "_:n"]))
        sentences = draw(st.lists(_sentences(), max_size=2))
        text += f"{name} {{ {draw(_GAPS).join(sentences)} }}{draw(_GAPS)}{draw(_sentences())}\n"
    return text


@st.composite
def lines(draw: st.DrawFn, *, graphs: bool) -> str:
    """Make an N-Triples or N-Quads document."""
    iris = st.sampled_from(["<http://example.org/a>", "<http://example.org/b#c>", "<urn:x:y>"])
    texts = st.sampled_from(
        ['"x"', '"y"@en', '"5"^^<http://www.w3.org/2001/XMLSchema#integer>', r'"a \"b\" . #"']
    )
    text = ""
    for _ in range(draw(st.integers(1, 5))):
        terms = [draw(st.one_of(iris, _BLANKS)), draw(iris), draw(st.one_of(iris, _BLANKS, texts))]
        terms += [draw(st.one_of(iris, _BLANKS))] if graphs and draw(st.booleans()) else []
        text += (
            draw(st.sampled_from(["", " "]))
            + " ".join(terms)
            + draw(st.sampled_from([" .\n", ".\n", " . # c\n"]))
        )
    return text


XML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://example.org/"\n  xmlns:e="http://example.org/" xml:base="http://example.org/base">'
)
_XML_GAPS = st.sampled_from(["", "\n", "\n  ", "<!-- a <comment> -->", " "])
_XML_LEAVES = st.sampled_from(
    [
        '<p rdf:resource="there"/>',
        "<q>text</q>",
        '<q xml:lang="fr">é &amp; è</q>',
        "<e:r/>",
        "<rdf:li>one</rdf:li>",
        '<p rdf:datatype="http://example.org/dt">5</p>',
        '<q rdf:nodeID="n"/>',
        "<q><![CDATA[a<b]]></q>",
        "<r> 2\n</r>",
        '<r e:x="1" e:y="2"/>',
        '<q rdf:ID="reified">z</q>',
        '<e:q rdf:resource="http://example.net/x"></e:q>',
    ]
)
_XML_NAMES = st.sampled_from(
    [
        'rdf:about="a"',
        "rdf:about='http://example.net/b'",
        "",
        'rdf:nodeID="n"',
        'rdf:about="#c" e:z="v" xml:lang="de"',
    ]
)


@st.composite
def _xml_things(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.sampled_from(["rdf:Description", "C", "e:D"]))
    head = f"{kind} {draw(_XML_NAMES)}".rstrip()
    properties = draw(st.lists(_xml_properties(depth), max_size=3))
    if not properties and draw(st.booleans()):
        return f"<{head} />"
    return (
        f"<{head}>" + "".join(draw(_XML_GAPS) + each for each in properties) + f"{draw(_XML_GAPS)}</{kind}>"
    )


@st.composite
def _xml_properties(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.sampled_from(["leaf", "leaf", "leaf", "thing", "resource", "collection"]))
    if kind == "leaf" or depth == 0:
        return draw(_XML_LEAVES)
    if kind == "thing":
        return f"<p>{draw(_XML_GAPS)}{draw(_xml_things(depth - 1))}{draw(_XML_GAPS)}</p>"
    if kind == "resource":
        return f'<p rdf:parseType="Resource">{draw(_xml_properties(depth - 1))}{draw(_XML_GAPS)}</p>'
    members = draw(st.lists(_xml_things(depth - 1), max_size=2))
    return f'<q rdf:parseType="Collection">{"".join(members)}</q>'


@st.composite
def rdf_xml(draw: st.DrawFn) -> str:
    """Make an RDF/XML document."""
    things = draw(st.lists(_xml_things(2), min_size=1, max_size=3))
    text = XML_HEAD + "".join(draw(_XML_GAPS) + each for each in things) + "\n</rdf:RDF>\n"
    reified = text.split(' rdf:ID="reified"')  # a name that may be given once
    return ' rdf:ID="reified"'.join(reified[:2]) + "".join(reified[2:])


_CONTEXT = {
    "e": "http://example.org/",
    "p": "e:p",
    "q": {"@id": "e:q", "@type": "@id"},
    "d": {"@id": "e:d", "@type": "http://www.w3.org/2001/XMLSchema#date"},
    "l": {"@id": "e:l", "@container": "@list"},
    "m": {"@id": "e:m", "@container": "@language"},
    "r": {"@reverse": "e:r"},
    "id": "@id",
}
_JSON_IRIS = st.sampled_from(["http://example.org/a", "e:b", "http://example.net/c#d", "_:n"])
_JSON_SCALARS = st.sampled_from(
    [
        "plain",
        5,
        2.5,
        1e30,
        True,
        None,
        {"@value": "wert", "@language": "de"},
        {"@value": "5", "@type": "e:dt"},
        {"@value": 7},
        {"@value": "x"},
        'with "quotes" and \\ é ☺',
    ]
)
_JSON_KEYS = st.sampled_from(["p", "e:o", "http://example.org/z", "e:y"])


@st.composite
def _json_nodes(draw: st.DrawFn, depth: int) -> dict[str, object]:
    node: dict[str, object] = {}
    if draw(st.booleans()):
        node[draw(st.sampled_from(["@id", "id"]))] = draw(_JSON_IRIS)
    if draw(st.booleans()):
        node["@type"] = draw(st.one_of(st.just("e:T"), st.just(["e:T", "http://example.org/U"])))
    for key in draw(st.lists(_JSON_KEYS, max_size=3, unique=True)):
        node[key] = draw(_json_values(depth))
    extra = {
        "q": st.one_of(_JSON_IRIS, st.lists(_JSON_IRIS, max_size=2)),
        "d": st.just("2024-01-31"),
        "l": st.lists(_JSON_SCALARS.filter(lambda value: value is not None), max_size=2),
        "m": st.just({"en": "word", "fr": ["mot", "parole"]}),
        "r": _JSON_IRIS.map(lambda iri: {"@id": iri}),
    }
    for key in draw(st.lists(st.sampled_from(sorted(extra)), max_size=2, unique=True)):
        node[key] = draw(extra[key])
    return node


@st.composite
def _json_values(draw: st.DrawFn, depth: int) -> object:
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "node", "link", "set"]))
    if kind == "scalar" or depth == 0:
        return draw(_JSON_SCALARS)
    if kind == "array":
        return draw(st.lists(_json_values(depth - 1), max_size=3))
    if kind == "set":
        return {"@set": [draw(_JSON_SCALARS)]}
    return draw(_json_nodes(depth - 1)) if kind == "node" else {"@id": draw(_JSON_IRIS)}


@st.composite
def json_ld(draw: st.DrawFn) -> str:
    """Make a JSON-LD document."""
    nodes = draw(st.lists(_json_nodes(2), min_size=1, max_size=3))
    extra = draw(st.sampled_from([{}, {"@language": "fr"}, {"@vocab": "http://example.org/"}]))
    top = {"@context": _CONTEXT | extra}
    document = top | ({"@graph": nodes} if draw(st.booleans()) else nodes[0])
    return json.dumps(document, indent=draw(st.sampled_from([None, 2])), ensure_ascii=draw(st.booleans()))


def reading_of(text: str, form: Form) -> Reading:
    """Read an invented text."""
    return read(Given("invented", text.encode(), form), limits=Limits())


def quad_of(statement: Statement) -> Quad:
    """Make a quad of a statement."""
    said = statement.triple
    return Quad(said.subject, said.predicate, said.object, statement.graph or DefaultGraph())


def graph_of(statements: list[Quad]) -> Dataset:
    """Make a graph that equals another if both say the same, whatever their blank nodes are called."""
    dataset = Dataset(statements)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def is_named(triple: Triple) -> bool:
    """Whether a triple has no blank nodes."""
    return not any(isinstance(term, BlankNode) for term in triple)


#: Documents of every syntax.
OF_FORMS = {
    Form.TURTLE: turtle(),
    Form.TRIG: trig(),
    Form.N_TRIPLES: lines(graphs=False),
    Form.N_QUADS: lines(graphs=True),
    Form.RDF_XML: rdf_xml(),
    Form.JSON_LD: json_ld(),
}
