"""Every limit of the server: its unit is in its name, its default and its reason beside it.

Each is set by an environment variable: `GCM_QUERY_SECONDS=30` for `query_seconds`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from gcm.errors import ServerError


def _limit(default: float, sentence: str) -> float:
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True)
class Limits:
    """The limits in force. Times are in seconds, sizes in bytes, the rest are counts."""

    query_seconds: float = _limit(10, "A query that runs longer is stopped; its worker process is ended.")
    query_bytes: float = _limit(65_536, "A longer query text is refused before it is read.")
    query_nesting: float = _limit(
        100, "More brackets inside each other than this would crash the query parser."
    )
    query_optionals: float = _limit(30, "Each OPTIONAL multiplies the plans that the engine weighs.")
    query_unions: float = _limit(200, "Each UNION adds a branch that the engine plans and runs.")
    worker_bytes: float = _limit(
        2_147_483_648, "The memory of one query; a query that needs more is stopped."
    )
    worker_count: float = _limit(4, "Queries that run at the same time in one server process; others wait.")
    wait_seconds: float = _limit(
        10, "A query that finds no free worker in this time is told to come back later."
    )
    waiting_queries: float = _limit(
        128, "Queries that may wait for a worker; one more is told at once to come back later."
    )
    client_queries: float = _limit(
        80, "Queries of one client that may run and wait at the same time; one more is refused."
    )
    client_workers: float = _limit(
        3, "Workers that one client may have at the same time; the others stay free for others."
    )
    request_seconds: float = _limit(
        10, "A request that has not arrived whole in this time is cut off, headers and body each."
    )
    stop_seconds: float = _limit(
        10, "When the server is stopped, answers that have begun are given this time to end."
    )
    process_restarts: float = _limit(
        20, "Server processes that end are replaced so often in a minute; after one more the server ends."
    )
    answer_seconds: float = _limit(
        120, "An answer whose reader has not taken it all in this time is cut off."
    )
    shown_rows: float = _limit(
        1_000, "Rows of a result on the query page; the files to download hold all rows."
    )
    body_bytes: float = _limit(131_072, "A larger request body is refused before it is read.")
    upload_bytes: float = _limit(
        16_777_216, "A larger file or pasted text is refused before it is read as data."
    )
    upload_seconds: float = _limit(
        60, "A request with files that has not arrived whole in this time is cut off."
    )
    uploads: float = _limit(
        8, "Requests with files that one server process reads and works on at the same time."
    )
    client_uploads: float = _limit(3, "Requests with files that one client may send at the same time.")
    shown_results: float = _limit(
        100, "Results of a validation on one page; the others are on further pages, and in every file."
    )
    nesting: float = _limit(
        100, "Brackets, elements or values inside each other; data that go deeper are refused."
    )
    validation_seconds: float = _limit(60, "A validation that runs longer is stopped; its process is ended.")
    validation_memory_bytes: float = _limit(
        1_073_741_824, "The bytes that one validation may need; one that needs more is stopped."
    )
    validation_count: float = _limit(
        2, "Validations that run at the same time in one server process; others wait."
    )
    waiting_validations: float = _limit(
        8, "Validations that may wait for others; one more is told at once to come back later."
    )
    workbook_bytes: float = _limit(
        67_108_864, "A workbook is a ZIP archive; one that unpacks to more is refused before it is unpacked."
    )
    table_cells: float = _limit(400_000, "A table with more cells than this is refused; send it in parts.")
    path_bytes: float = _limit(2_048, "No thing has a longer address; what follows the ? is not counted.")
    header_bytes: float = _limit(32_768, "More header fields than this are refused.")
    kept_versions: float = _limit(
        10, "Versions that stay addressable, the current one among them; older ones are removed."
    )
    store_seconds: float = _limit(
        5, "A remote store that has not answered a page's question in this time is taken to be down."
    )
    store_look_seconds: float = _limit(
        1, "The time between two looks whether a remote store holds a new version."
    )
    store_bytes: float = _limit(
        67_108_864, "What a remote store may send before anything of it can be passed on."
    )
    session_seconds: float = _limit(
        28_800, "A curator who has signed in with a browser does so again after this time."
    )
    sign_in_attempts: float = _limit(
        10, "Tokens that open nothing and that one client may try in a minute; one more is refused unread."
    )
    page_links: float = _limit(25, "Incoming links of one kind on one page; the rest are on further pages.")
    kept_previews: float = _limit(
        5, "Previews of proposals that stay on disk; an older one is made again when it is asked for."
    )
    preview_seconds: float = _limit(
        120, "A preview that is not made in this time is given up; its process is ended."
    )
    preview_wait_seconds: float = _limit(
        1, "A page of a proposal waits for its preview so long; then it says that it is being made."
    )
    compared_pages: float = _limit(
        1_000, "Pages that a preview compares with those that are served; more are only counted."
    )
    shown_changes: float = _limit(
        50, "Things that one page of a proposal or of a history says the changes of; the rest follow."
    )


def sentence(name: str) -> str:
    """Why the limit of this name exists, in one sentence."""
    return next(str(each.metadata["sentence"]) for each in fields(Limits) if each.name == name)


def variable(name: str) -> str:
    """Name the environment variable that sets the limit of this name."""
    return f"GCM_{name.upper()}"


def read_limits(environment: Mapping[str, str]) -> Limits:
    """Read the limits that `environment` sets, and the defaults of all others.

    Raises ServerError if a value is not a positive number.
    """
    given = {
        each.name: environment[variable(each.name)]
        for each in fields(Limits)
        if variable(each.name) in environment
    }
    return Limits(**{name: _positive(name, value) for name, value in given.items()})


def _positive(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ServerError(f"{variable(name)} is {value!r}; set it to a number above 0, or leave it out.")
    return number
