"""The command `gcm`: what its subcommands share, and how errors become one line and an exit code.

Exit codes: 0 yes, 1 the data (or the query) is at fault, 2 we are, or the command was not understood.
"""

import errno
import logging
import os
import sys
from types import TracebackType

import click

from gcm.cli.ask import query
from gcm.cli.build import load
from gcm.cli.check import fmt
from gcm.cli.host import serve
from gcm.cli.options import examples
from gcm.cli.table import export, import_table, template
from gcm.cli.tokens import token
from gcm.cli.validation import validate
from gcm.errors import GcmError, LimitError, QueryError, RefusedQueryError, SourceError

__all__ = ["commands", "main"]

log = logging.getLogger(__name__)

#: Errors of what we were given; all others are ours.
_THEIRS = (SourceError, QueryError, RefusedQueryError, LimitError)

#: What the machine refuses, and nobody but its owner can mend: no room, no rights.
_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})


class _Commands(click.Group):
    """Commands whose errors are one line for a person."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped.", err=True)
            ctx.exit(2)
        except GcmError as error:
            click.echo(str(error), err=True)
            ctx.exit(1 if isinstance(error, _THEIRS) else 2)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("gcm validate my.ttl", "gcm query who-chaired-what", "gcm serve"),
)
@click.version_option(package_name="gcm-knowledge-graph", prog_name="gcm")
@click.option("-v", "--verbose", is_flag=True, help="Log what is done, with times.")
def commands(verbose: bool) -> None:
    """Check, build, ask and serve the Global Compact for Migration as linked data."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if verbose:
        logging.getLogger("gcm").setLevel(logging.INFO)


for command in (fmt, validate, template, import_table, export, load, query, serve, token):
    commands.add_command(command)


def main() -> None:
    """Run the command line.

    An error that nobody foresaw is logged once, with its traceback: exit code 2. A disk that is full or a
    file that may not be written is no fault of ours, and one line.
    """
    sys.excepthook = _log_unforeseen
    commands(prog_name="gcm")


def _log_unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        where = error.filename or "the output"
        os.write(2, f"{where}: cannot be written or read ({error.strerror}).\n".encode())
    else:
        _log_fault(kind, error, trace)
    os._exit(2)  # the interpreter itself would leave with 1, which here means that the data is at fault


def _log_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("This is a fault of gcm, not of the data; please report it.", exc_info=(kind, error, trace))
    logging.shutdown()
