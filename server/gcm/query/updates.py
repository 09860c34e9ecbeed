"""Whether a text is an update: the engine's own parser says it, and runs nothing."""

import re
from collections.abc import Callable

from pyoxigraph import Store

from gcm.vocab import BASE, PREFIXES

#: Put before the first operation, this makes an update fail there, whatever follows: operations run in order,
#: and an empty store has no graph to drop (SPARQL 1.1 Update sections 3 and 3.2.2).
_NEVER = "\nDROP GRAPH <tag:never> ;\n"

#: What may stand before the first operation (SPARQL 1.1 section 19.8, rule 4; SPARQL 1.2 has VERSION too).
#: What is missed here makes an update that cannot be read, not one that runs.
_PROLOGUE = re.compile(
    r"""(?: \s | \#[^\r\n]*+
        | (?: BASE | PREFIX (?:\s|\#[^\r\n]*+)*+ [^\s:<>"'{}\#]*+ : ) (?:\s|\#[^\r\n]*+)*+ <[^<>\s]*+>
        | VERSION \s*+ (?: "[^"\\\r\n]*+" | '[^'\\\r\n]*+' )
        )*+""",
    re.VERBOSE | re.IGNORECASE,
)


def is_update(text: str) -> bool:
    """Tell whether a text is SPARQL 1.1 Update, and not just the prologue of one."""
    found = _PROLOGUE.match(text)
    assert found is not None  # it may be empty
    first = found.end()
    guarded = text[:first] + _NEVER + text[first:]
    return _is_read(Store().update, guarded) and not _is_read(Store().query, f"{text}\nASK {{}}")


def _is_read(run: Callable[..., object], text: str) -> bool:
    try:
        run(text, base_iri=BASE, prefixes=dict(PREFIXES))
    except SyntaxError:
        return False
    except RuntimeError:  # it was read; then its first step found nothing to drop
        return True
    return True
