"""Functions whose modules are imported when they are first called, or beside the server's work.

A server is to answer its first query and page soon, and neither needs forms, proposals, tables or catalogues.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any

#: Imports come one after the other: two threads that import what imports each other could wait for each
#: other. No process is forked meanwhile: in it, what is half imported would stay so.
_IMPORTING = RLock()
os.register_at_fork(
    before=_IMPORTING.acquire, after_in_parent=_IMPORTING.release, after_in_child=_IMPORTING.release
)


@dataclass(frozen=True)
class Late:
    """A function of a module below `gcm.web`, which is imported when it is first called."""

    module: str
    name: str

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # Any: it stands for functions of every kind
        """Call the function."""
        return self.function(*arguments, **named)

    @cached_property
    def function(self) -> Any:  # Any: as above
        """The function itself."""
        return getattr(imported(self.module), self.name)


def imported(module: str) -> ModuleType:
    """Give a module below `gcm.web`."""
    with _IMPORTING:
        return import_module(f"gcm.web.{module}")


def import_all(modules: Iterable[str]) -> None:
    """Import modules below `gcm.web`, so that no first request waits for that."""
    for module in modules:
        imported(module)
