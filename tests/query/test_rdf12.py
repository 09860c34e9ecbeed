"""Which version of RDF an answer needs, told from the tokens of its query."""

import pytest
from gcm.limits import Limits
from gcm.query import Rdf, check_text


@pytest.mark.parametrize(
    ("text", "needed", "announced"),
    [
        ("SELECT * { ?s ?p ?o }", "", ""),
        ('VERSION "1.2" SELECT * { ?s ?p ?o }', "", "1.2"),
        ("VERSION '1.2-basic' SELECT * { ?s ?p ?o }", "", "1.2-basic"),
        ('VERSION "1.1" SELECT * { ?s ?p ?o }', "", ""),
        ('SELECT * { ?s ?p "VERSION", "1.2" }', "", ""),
        ("SELECT (<<( ?s ?p 1 )>> AS ?t) {}", "1.2", ""),
        ("SELECT (<<(?s<http://e/>1)>> AS ?t) {}", "1.2", ""),
        ("SELECT (<<(?s?p?o)>> AS ?t) {}", "1.2", ""),
        ("SELECT * { << ?s ?p ?o >> ?a ?b }", "", ""),  # a reifier is an IRI or a blank node
        ("SELECT * { ?s ?p ?o {| ?a ?b |} }", "", ""),
        ("CONSTRUCT { << ?s ?p ?o >> ?a ?b } WHERE { ?s ?p ?o }", "1.2", ""),
        ("CONSTRUCT { ?s ?p ?o {| ?a ?b |} } WHERE { ?s ?p ?o }", "1.2", ""),
        ("CONSTRUCT { ?s ?p ?o ~ ?r } WHERE { ?s ?p ?o }", "1.2", ""),
        ("SELECT (triple(?s, ?p, 1) AS ?t) {}", "1.2", ""),
        ("SELECT (isTriple(?s) AS ?t) {}", "", ""),
        ("SELECT (triple:x AS ?t) {}", "", ""),
        ("SELECT ?triple ('TRIPLE' AS ?t) { <http://e/TRIPLE> ?p ?triple }", "", ""),
        ("SELECT ('a'@en--ltr AS ?t) {}", "1.2-basic", ""),
        ("SELECT ('a'@en AS ?t) (1 - -1 AS ?u) {}", "", ""),
        ("SELECT (strlangdir('a', 'ar', 'rtl') AS ?t) {}", "1.2-basic", ""),
        ("SELECT * { FILTER(?a < ?b && ?c > <http://e/>) }", "", ""),
        ("SELECT * { FILTER(?a<<http://e/>) }", "", ""),  # less than an IRI
    ],
)
def test_version_of_the_answer(text: str, needed: str, announced: str) -> None:
    assert check_text(text, limits=Limits()).rdf == Rdf(needed, announced)
