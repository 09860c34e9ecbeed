"""The process that forks workers: `python -m gcm.query.zygote CONTROL LIMITS`.

It has imported the engine. CONTROL is the file descriptor of the socket to the server; what it is asked to
start is the path of a store, which the new worker opens.
"""

import gc
import json
import sys
from pathlib import Path
from socket import socket

from gcm.limits import Limits
from gcm.process.forking import fork_for
from gcm.query.worker import serve


def main(control_number: str, limits: str) -> None:
    """Fork workers for as long as the server lives."""
    gc.freeze()
    begun = fork_for(socket(fileno=int(control_number)))
    if begun is not None:
        connection, store = begun
        serve(connection, Path(store), limits=Limits(**json.loads(limits)))


if __name__ == "__main__":
    main(*sys.argv[1:])
