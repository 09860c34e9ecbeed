"""A version built by a process of its own: `python -m gcm.load.apart DIRECTORY KEPT PARENT`.

A process that was forked from one that has built a version cannot build another: the engine's loader waits
for threads that only its parent has. So server processes, which are forked, have versions built here.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from gcm.errors import SourceError, StoreError
from gcm.layout import Sources
from gcm.load.versions import VERSIONS_KEPT, Version, build
from gcm.process.sandbox import end_with_parent

log = logging.getLogger(__name__)


def build_apart(sources: Sources, directory: Path, *, kept: int = VERSIONS_KEPT) -> Version:
    """Build the version of these sources as `build` does, which ends with this thread if that is killed.

    Raises SourceError or StoreError as `build` does.
    """
    command = [sys.executable, "-P", "-m", "gcm.load.apart"]
    done = subprocess.run(
        [*command, os.path.abspath(directory), str(kept), str(os.getpid())],
        input=json.dumps(sources.written()),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        said = json.loads(done.stdout)
    except ValueError:
        log.error("the process that builds a version failed: %s", done.stderr)
        raise StoreError("a version cannot be built; the log says why.") from None
    return _read(said, directory)


def _read(said: Mapping[str, str], directory: Path) -> Version:
    if "version" in said:
        return Version(said["version"], directory / "versions" / said["version"])
    if "path" in said:
        raise SourceError(said["reason"], path=Path(said["path"]), line=int(said["line"]) or None)
    raise StoreError(said["reason"])


def _build(directory: str, kept: str) -> dict[str, str]:
    sources = Sources.of_written(json.load(sys.stdin))
    try:
        version = build(sources, Path(directory), progress=lambda _: None, kept=int(kept))
    except SourceError as error:
        return {"reason": error.reason, "path": str(error.path), "line": str(error.line or 0)}
    except StoreError as error:
        return {"reason": str(error)}
    return {"version": version.id}


if __name__ == "__main__":
    end_with_parent(int(sys.argv[3]))
    sys.stdout.write(json.dumps(_build(*sys.argv[1:3])))
