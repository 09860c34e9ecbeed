"""What is meant to harm: refused or read within two seconds, in bounded memory; nothing is ever fetched."""

import resource
import socket
import time
from collections.abc import Iterator

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.limits import Limits
from gcm.syntax import read

_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
_DEEP = 200_000


@pytest.fixture
def ear() -> Iterator[socket.socket]:
    """Listen where nobody should knock."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def refusal(data: bytes, form: Form) -> SourceError:
    """Read what must be refused, in time and memory."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(SourceError) as caught:
        read(Given("stranger", data, form), limits=Limits())
    assert time.process_time() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kilobytes
    return caught.value


@pytest.mark.parametrize(
    ("form", "text", "says"),
    [
        (
            Form.RDF_XML,
            f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]><rdf:RDF {_RDF}>&l9;</rdf:RDF>',
            "a document type",
        ),
        (Form.RDF_XML, f'<!DOCTYPE x [<!ENTITY l "{"a" * 100}">]><rdf:RDF {_RDF}/>', "document type"),
        (Form.RDF_XML, f"<rdf:RDF {_RDF}>" + "<a><b>" * _DEEP, "elements stand more than 100 deep"),
        (Form.TURTLE, "<x:a> <x:b> " + "[ <x:c> " * _DEEP, "1:813: brackets stand more than 100 deep"),
        (Form.TURTLE, "<x:a> <x:b> " + "(" * _DEEP, "brackets stand more than 100 deep"),
        (Form.TURTLE, "<x:a> <x:b> " + "<<( " * _DEEP, "brackets stand more than 100 deep"),
        (Form.TRIG, "{ " * _DEEP, "brackets stand more than 100 deep"),
        (Form.N_TRIPLES, "<x:a> <x:b> " + "<< " * _DEEP, "brackets stand more than 100 deep"),
        (Form.N_QUADS, "<x:a> <x:b> " + "<<" * _DEEP, "brackets stand more than 100 deep"),
        (Form.JSON_LD, "[" * _DEEP, "1:101: brackets stand more than 100 deep"),
        (Form.JSON_LD, '{"a":' * _DEEP, "brackets stand more than 100 deep"),
        (Form.JSON_LD, "[" * 99 + "1" + "9" * 5_000, "a comma is missing"),
        (Form.TURTLE, '<x:a> <x:b>\n "\0" .', "2: there is a NUL character"),
        (Form.TURTLE, '"\n' * 1_000_000, "the text is not closed on its line"),
        (Form.TURTLE, '"""' * 1_000_000, "cannot begin a statement"),
        (Form.TURTLE, "x y z . " * 500_000, "x cannot begin a statement"),
        (Form.N_TRIPLES, "x y z .\n" * 500_000, "x cannot stand here"),
        (
            Form.TURTLE,
            '<x:a> <x:b> "' + "a" * 10_000_000 + " .",
            "1:13: the text that begins here has no end",
        ),
    ],
)
def test_hostile_texts_are_refused(form: Form, text: str, says: str) -> None:
    assert says in str(refusal(text.encode(), form))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"#" * 100_000_000, "larger than 16777216 bytes (limit upload_bytes)"),
        ("<x:a> <x:b> 'x' .".encode("utf-16"), "stranger:1: there is a NUL character"),
        ("<x:a> <x:b>\n 'é' .".encode("latin-1"), "stranger:2:3: this line is not UTF-8"),
    ],
)
def test_what_is_no_text_of_ours_is_refused(data: bytes, says: str) -> None:
    assert says in str(refusal(data, Form.TURTLE))


def test_a_long_line_is_read() -> None:
    begun = time.process_time()
    text = '<x:a> <x:b> "' + "a" * 10_000_000 + '" .'
    assert len(read(Given("long", text.encode(), Form.TURTLE), limits=Limits()).statements) == 1
    assert time.process_time() - begun < 2


def test_nothing_is_fetched(ear: socket.socket) -> None:
    address = f"http://127.0.0.1:{ear.getsockname()[1]}/x"
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]><rdf:RDF {_RDF}>&e;</rdf:RDF>'
    outside = f'<!DOCTYPE x SYSTEM "{address}"><rdf:RDF {_RDF}/>'
    contexts = (
        (f'{{"@context": "{address}"}}', "stranger:1:14: this context is an address, at /@context,"),
        (f'{{"@context": [{{}}, "{address}"]}}', "at /@context/1,"),
        (f'{{"@context": {{"@import": "{address}"}}}}', "at /@context,"),
        (f'[{{"x": {{"@context": "{address}", "y": 1}}}}]', "at /0/x/@context,"),
        (f'{{"@context": {{"t": {{"@id": "x:y", "@context": "{address}"}}}}}}', "at /@context/t/@context,"),
    )
    for text in (entity, outside):
        assert "document type" in str(refusal(text.encode(), Form.RDF_XML))
    for text, says in contexts:
        assert says in str(refusal(text.encode(), Form.JSON_LD))
    imports = f"<x:o> <http://www.w3.org/2002/07/owl#imports> <{address}> ."
    assert len(read(Given("imports", imports.encode(), Form.TURTLE), limits=Limits()).statements) == 1
    with pytest.raises(BlockingIOError):
        ear.accept()
