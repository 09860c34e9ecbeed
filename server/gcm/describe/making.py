"""The process that counts and makes dumps beside a server: `python -m gcm.describe.making VERSION PARENT`.

It gives way to all others, is alone on its version, and ends with the server that started it.
"""

import logging
import sys
from pathlib import Path

from gcm.describe.dumps import dump_facts, make_dumps
from gcm.describe.numbers import write_numbers
from gcm.errors import GcmError
from gcm.process.folder import alone_in
from gcm.process.priority import give_way
from gcm.process.sandbox import end_with_parent
from gcm.query import OpenVersion, open_version

log = logging.getLogger(__name__)


def main(version: str, parent: str) -> None:
    """Write down all numbers and make all dumps, unless they are there or another process is at it."""
    end_with_parent(int(parent))
    give_way()
    with alone_in(Path(version)) as is_alone:
        if is_alone:
            _make(open_version(Path(version)))


def _make(version: OpenVersion) -> None:
    write_numbers(version)
    if not dump_facts(version):
        make_dumps(version)


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s")
    try:
        main(*sys.argv[1:])
    except (OSError, GcmError) as error:  # removed meanwhile, or no room: the next server tries again
        log.warning("numbers and dumps of %s are not made: %s", Path(sys.argv[1]).name, error)
        sys.exit(1)
