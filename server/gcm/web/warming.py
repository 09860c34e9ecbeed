"""What curators need, made ready for each version that is taken up: forms and proposals, and the bench."""

import logging
import weakref
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

from gcm.errors import StoreError
from gcm.validate.bench import Bench
from gcm.web import routes
from gcm.web.late import import_all
from gcm.web.versions import Serving

if TYPE_CHECKING:
    from gcm.desk import Desk

log = logging.getLogger(__name__)

#: Seconds that a version has to itself first: who waits for it is served before the bench is made ready.
_PAUSE_SECONDS = 2.0


def keep_warm(bench: Bench, desk: "Desk") -> Callable[[Serving], None]:
    """Give what is to be told of each version that becomes the newest; it returns at once.

    A bench holds the memory of a process, and what forms and proposals need some of each server process:
    where nobody has a token they are hardly asked for, so there they come with the first request.
    """

    def begin(serving: Serving) -> None:
        arguments = (weakref.ref(serving), bench, desk)
        Thread(target=_warm_later, args=arguments, name="gcm-warming", daemon=True).start()

    return begin


def _warm_later(wanted: Callable[[], Serving | None], bench: Bench, desk: "Desk") -> None:
    Event().wait(_PAUSE_SECONDS)
    if wanted() is None or not desk.tokens.is_any():  # a newer version has come, or nobody can propose
        return
    try:
        import_all(routes.modules_of(routes.WRITING))
        bench.warm()
    except (OSError, StoreError) as error:  # no more processes, or no version: it starts when it is needed
        log.warning("the bench is not made ready: %s", error)
