"""A report in every form that it is shown or sent in: one table of writers, each from values to text.

All show the same results in the same order. JSON is `gcm.validate.serial`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gcm.validate.render.checked import Checked
from gcm.validate.render.junit import write_junit
from gcm.validate.render.page import write_page
from gcm.validate.render.sarif import write_sarif
from gcm.validate.render.shacl import write_shacl
from gcm.validate.render.table import write_table
from gcm.validate.render.text import write_text
from gcm.validate.serial import as_json

__all__ = ["RENDERINGS", "Checked", "Rendering", "write_text"]


@dataclass(frozen=True)
class Rendering:
    """One form of a report: its name in options, its media type, the end of a file's name, and its writer."""

    name: str
    media_type: str
    suffix: str
    write: Callable[[Checked], str]


#: Every form by its name, the first for who has no preference.
RENDERINGS: Mapping[str, Rendering] = MappingProxyType(
    {
        each.name: each
        for each in (
            Rendering("text", "text/plain", "txt", write_text),
            Rendering("json", "application/json", "json", lambda checked: as_json(checked.report)),
            Rendering("csv", "text/csv", "csv", write_table),
            Rendering("turtle", "text/turtle", "ttl", write_shacl),
            Rendering("sarif", "application/sarif+json", "sarif", write_sarif),
            Rendering("junit", "application/junit+xml", "xml", write_junit),
            Rendering("html", "text/html", "html", write_page),
        )
    }
)
