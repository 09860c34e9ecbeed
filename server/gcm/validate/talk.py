"""What the server and a validation say to each other: frames of JSON, and the bytes of each file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from types import MappingProxyType

from pyoxigraph import NamedNode

from gcm.errors import GcmError, LimitError, QueryError, StoreError
from gcm.given import Form, Given, TableAbout
from gcm.process.frames import DATA, ERROR, QUERY, WHOLE, Frames, frame, json_frame
from gcm.validate.options import Options
from gcm.validate.report import Outcome
from gcm.validate.serial import as_json, from_json

PROGRESS = b"P"  # validation: how far it is, as text


def request(given: Sequence[Given], options: Options) -> bytes:
    """Write a submission and how it is to be checked."""
    files = [
        {"name": each.name, "form": each.form.value, "about": asdict(each.about) if each.about else None}
        for each in given
    ]
    head = json_frame(QUERY, {"files": files, "options": asdict(options)})
    return head + b"".join(frame(DATA, each.data) for each in given)


def read_request(incoming: Frames) -> tuple[list[Given], Options]:
    """Read what `request` wrote."""
    members = json.loads(incoming.read()[1])
    given = [
        Given(
            name=each["name"],
            data=incoming.read()[1],
            form=Form(each["form"]),
            about=TableAbout(**each["about"]) if each["about"] else None,
        )
        for each in members["files"]
    ]
    options = members["options"]
    lists = {name: tuple(options[name]) for name in ("shapes", "nodes")}
    return given, Options(**(options | lists))


def progress(text: str) -> bytes:
    """Write how far a validation is."""
    return frame(PROGRESS, text.encode())


def outcome(found: Outcome) -> bytes:
    """Write what was found."""
    datasets = {graph.value: text for graph, text in found.datasets.items()}
    return json_frame(WHOLE, {"report": as_json(found.report), "datasets": datasets})


def fault(error: GcmError) -> bytes:
    """Write why nothing was found."""
    facts = {"message": str(error), "limit": getattr(error, "limit", None)}
    return json_frame(ERROR, facts | {"is_of_options": isinstance(error, QueryError)})


def read_outcome(kind: bytes, payload: bytes) -> Outcome:
    """Read what `outcome` wrote; raises the error that `fault` wrote."""
    members = json.loads(payload)
    if kind == ERROR:
        if members["limit"]:
            raise LimitError(members["message"], limit=members["limit"])
        raise (QueryError if members["is_of_options"] else StoreError)(members["message"])
    datasets = {NamedNode(graph): text for graph, text in members["datasets"].items()}
    return Outcome(from_json(members["report"]), MappingProxyType(datasets))
