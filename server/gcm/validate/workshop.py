"""The process that validations are forked from: `python -m gcm.validate.workshop CONTROL VERSION LIMITS`.

It has imported the engine and knows the rules and names of one version; each process that it forks checks one
submission and ends. CONTROL is the file descriptor of the socket to the server.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from socket import socket

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from gcm.errors import GcmError
from gcm.fields.names import LABELS, OTHER_NAMES, Names
from gcm.limits import Limits
from gcm.process.forking import fork_for
from gcm.process.frames import Frames
from gcm.process.sandbox import confine, end_with_parent
from gcm.validate import talk
from gcm.validate.context import Context, open_store, rules_of
from gcm.validate.overlay import View
from gcm.validate.run import check
from gcm.vocab import ONTOLOGY, PREFIXES, SHAPES

#: By these properties things are named; `Names` reads no others of data.
_NAMING = (
    *LABELS,
    *OTHER_NAMES,
    NamedNode(PREFIXES["skos"] + "notation"),
    NamedNode(PREFIXES["rdf"] + "type"),
)
#: What the engine imports when it is first asked: here, so that no process that is forked has to.
_LATE = ("gcm.tables.excel", "gcm.validate.shacl")
#: How far it steps back: queries and pages go first (`nice` counts from 0 to 19).
_STEP_BACK = 5


def main(control_number: str, version: str, limits: str) -> None:
    """Fork processes for submissions for as long as the server lives."""
    control = socket(fileno=int(control_number))
    for name in _LATE:
        import_module(name)
    context = warm_context(Path(version))
    gc.collect()
    gc.freeze()
    begun = fork_for(control)
    if begun is not None:
        serve(begun[0], context, limits=Limits(**json.loads(limits)))


def warm_context(version: Path) -> Context:
    """Learn the rules and the names of a version, and leave its store for each validation to open.

    The engine keeps threads for an open store, and a process with threads must not fork: so another process
    reads for this one, once.
    """
    store = Store()
    store.bulk_extend(_read_apart(version))
    rules = rules_of(store)
    names = Names(quad.triple for quad in View(store).all())
    context = Context(rules, open_store=partial(open_store, version), names=names)
    context.fields.forms  # noqa: B018  # read now, and the index of names made, so that no validation has to
    names.near("warm")
    names.find("warm")
    return context


def _read_apart(version: Path) -> Iterator[Quad]:
    """Have a forked process read what rules and names are made from, and take it as N-Quads."""
    near, far = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        end_with_parent(parent)
        os.close(near)
        with os.fdopen(far, "wb") as output:
            serialize(_telling(open_store(version)), output, format=RdfFormat.N_QUADS)
        os._exit(os.EX_OK)
    os.close(far)
    with os.fdopen(near, "rb") as told:
        yield from parse(told, format=RdfFormat.N_QUADS)
    os.waitpid(pid, 0)


def _telling(store: Store) -> Iterator[Quad]:
    """Give the rules, and of all else what `Names` reads."""
    for graph in (ONTOLOGY, SHAPES):
        yield from store.quads_for_pattern(None, None, None, graph)
    shown = View(store, hidden=frozenset({ONTOLOGY, SHAPES}))
    for predicate in _NAMING:
        yield from shown.with_predicate(predicate)


def serve(connection: socket, context: Context, *, limits: Limits) -> None:
    """Check one submission, tell the server what was found, and end."""
    os.nice(_STEP_BACK)
    signal.setitimer(signal.ITIMER_REAL, limits.validation_seconds)
    context.store.contains_named_graph(ONTOLOGY)  # opened before memory is bounded: its files are mapped
    confine(memory_bytes=limits.validation_memory_bytes)
    try:
        given, options = talk.read_request(Frames(connection))
        outcome = check(
            given,
            context,
            options=options,
            progress=lambda text: connection.sendall(talk.progress(text)),
            limits=limits,
        )
        connection.sendall(talk.outcome(outcome))
    except MemoryError:
        os.kill(os.getpid(), signal.SIGABRT)  # as the engine does itself when it gets no memory
    except GcmError as error:
        connection.sendall(talk.fault(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
