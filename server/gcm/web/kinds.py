"""The kinds of problems that answers report (RFC 9457 section 3.1.1): name, title, meaning, remedy.

The type of a problem is an IRI of ours, the same on every host, with its document at /problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from gcm.errors import (
    BackendError,
    BackendTimeoutError,
    ConflictError,
    DatetimeError,
    DepartedError,
    DeskError,
    ForbiddenError,
    GcmError,
    GoneError,
    LimitError,
    NoRoomError,
    NotAcceptableError,
    NotConformingError,
    PreconditionError,
    QueryError,
    ReadOnlyError,
    RefusedQueryError,
    RemovedVersionError,
    RequestTargetError,
    SignInError,
    StoreError,
    UnknownIriError,
    UnknownProposalError,
    UnknownVersionError,
    UnsupportedBodyError,
)
from gcm.limits import sentence, variable
from gcm.vocab import BASE

#: Language tag -> what the kind is called.
Titles = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the name in its IRI, its titles, what it means, and what to do."""

    name: str
    titles: Titles
    meaning: str
    remedy: str

    @property
    def iri(self) -> str:
        """The type of the problem."""
        return f"{BASE}problems#{self.name}"

    def title(self, language: str = "en") -> str:
        """Give the title in a language of the pages."""
        return self.titles[language]


def _kind(name: str, titles: tuple[str, str, str], meaning: str, remedy: str) -> Kind:
    return Kind(name, MappingProxyType(dict(zip(("en", "fr", "ru"), titles, strict=True))), meaning, remedy)


MISTAKE = _kind(
    "mistake",
    ("Mistake in the Request", "Erreur dans la demande", "Ошибка в запросе"),
    "The request or its query cannot be read: it is not SPARQL, or a parameter is missing, doubled or wrong.",
    "Read the message: it names the line, the column and the words where a query is wrong.",
)
READ_ONLY = _kind(
    "read-only",
    (
        "Refused: This Server Only Reads",
        "Refusé : ce serveur ne fait que lire",
        "Отказ: сервер только читает",
    ),
    "The request is well formed and is never run here: an update, or a query that calls another endpoint.",
    "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE, without SERVICE. To change the graph, change its files.",
)
UNKNOWN = _kind(
    "unknown",
    ("Nothing Known of This", "Rien de connu à ce sujet", "Об этом ничего не известно"),
    "The graph says nothing about the IRI that the address stands for.",
    "Check the address, or look for the thing by its name at /search.",
)
GONE = _kind(
    "gone",
    ("Removed", "Supprimé", "Удалено"),
    "An older version describes the thing, the present one does not. Addresses are never given to another.",
    "Follow “successor” to what has taken its place, or “permalink” to what was said then.",
)
VERSION_REMOVED = _kind(
    "version-removed",
    ("Version No Longer Kept", "Version non conservée", "Версия больше не хранится"),
    "The version was served once; only the last ones are kept.",
    "Choose one of those that “kept” names, or the newest: the address without /version/….",
)
VERSION_UNKNOWN = _kind(
    "version-unknown",
    ("No Such Version", "Version inconnue", "Нет такой версии"),
    "No version of this name was ever served here, as far as the server knows.",
    "Choose one of those that “kept” names; /versions lists them with their dates.",
)
DATETIME = _kind(
    "datetime",
    ("Not a Date", "Date incorrecte", "Неверная дата"),
    "Accept-Datetime holds what is not a date of HTTP (RFC 7089 section 2.1.1).",
    "Write it as in: Sat, 21 Nov 2026 08:00:00 GMT.",
)
NOT_ACCEPTABLE = _kind(
    "not-acceptable",
    ("No Acceptable Form", "Aucune forme acceptable", "Нет приемлемого формата"),
    "What is there has none of the forms that the request accepts, by Accept, suffix or “format”.",
    "Ask for one of those that “offers” names.",
)
BODY_TYPE = _kind(
    "body-type",
    ("Unknown Type of Body", "Type de corps inconnu", "Неизвестный тип тела запроса"),
    "The body of the request has a type, charset or coding that this address does not read.",
    "Send application/sparql-query or application/x-www-form-urlencoded, in UTF-8.",
)
CLIENT_LEFT = _kind(
    "client-left",
    ("The Client Left", "Le client est parti", "Клиент отключился"),
    "The connection was closed before the answer was there.",
    "Keep the connection open until the answer has arrived.",
)
NO_VERSION = _kind(
    "unavailable",
    ("The Graph Cannot Be Read Now", "Graphe illisible pour le moment", "Граф сейчас недоступен"),
    "There is no version to serve, or its files cannot be read at the moment.",
    "Try again in some seconds; Retry-After says when.",
)
FAULT = _kind(
    "fault",
    ("Fault of the Server", "Défaut du serveur", "Ошибка сервера"),
    "The server failed. The fault is ours and is logged under the number in X-Request-Id.",
    "Try again later; if it stays, tell us, with that number.",
)
NO_ADDRESS = _kind(
    "no-address",
    ("Nothing at This Address", "Rien à cette adresse", "По этому адресу ничего нет"),
    "No page, file or document has this address.",
    "Check the address; /sitemap.xml lists all pages.",
)
METHOD = _kind(
    "method",
    ("Method Not Allowed", "Méthode non autorisée", "Метод не разрешён"),
    "The address is there, but not for this method.",
    "Use one of those that Allow names.",
)
TARGET = _kind(
    "target",
    ("No Host or Address", "Ni hôte ni adresse", "Нет узла или адреса"),
    "The request names no host, several, or something that is no address (RFC 9112 section 3.2).",
    "Send one Host, and an address that begins with “/”.",
)
CONDITION = _kind(
    "condition",
    ("Condition Not Met", "Condition non remplie", "Условие не выполнено"),
    "What is here is not what If-Match, If-Unmodified-Since or If-None-Match asks for (RFC 9110 section 13).",
    "Read the address anew; ETag says what is here now.",
)
NO_ROOM = _kind(
    "no-room",
    ("No Room on the Server", "Plus de place sur le serveur", "На сервере нет места"),
    "What was asked for is a file that the server cannot write: its disk is full.",
    "Try again later, or ask for less: one dataset instead of all.",
)
BACKEND = _kind(
    "backend",
    ("The Store Does Not Answer", "L’entrepôt ne répond pas", "Хранилище не отвечает"),
    "The graph lies in a store behind this server, which cannot be reached, or fails.",
    "Try again in some seconds; Retry-After says when.",
)
BACKEND_TIME = _kind(
    "backend-time",
    ("The Store Is Too Slow", "L’entrepôt est trop lent", "Хранилище отвечает слишком медленно"),
    "The graph lies in a store behind this server, which has not answered in time.",
    "Ask for less, or try again later.",
)
RANGE = _kind(
    "range",
    ("No Such Bytes", "Octets inexistants", "Нет таких байтов"),
    "The file ends before the part that Range asks for.",
    "Content-Range says how long the file is.",
)

SIGN_IN = _kind(
    "sign-in",
    ("Token Needed", "Jeton requis", "Нужен токен"),
    "Only curators can do this. The request has no token, or one that opens nothing (any more).",
    "Send “Authorization: Bearer …” with a token of yours, or sign in with it at /sign-in.",
)
NOT_ALLOWED = _kind(
    "not-allowed",
    ("Not Allowed", "Non autorisé", "Не разрешено"),
    "The curator is known and may not do this: the token lacks the role, or it is for somebody else to do.",
    "Ask a curator with the role “review” who did not make the proposal.",
)
NO_CURATORS = _kind(
    "no-curators",
    ("No Proposals Here", "Pas de propositions ici", "Предложения не принимаются"),
    "This server is read-only: nobody can propose anything, since no token was made.",
    "Whoever runs the server sets GCM_DESK and makes tokens with: gcm token add.",
)
NO_PROPOSAL = _kind(
    "no-proposal",
    ("No Such Proposal", "Proposition inconnue", "Нет такого предложения"),
    "There is no proposal of this number.",
    "Choose one of those that /proposals lists.",
)
CONFLICT = _kind(
    "conflict",
    ("Changed by Others", "Modifié par d’autres", "Изменено другими"),
    "What is asked for does not fit what there is now: others have decided, or changed the same, meanwhile.",
    "Look at what is there now, and propose it anew.",
)
NOT_CONFORMING = _kind(
    "not-conforming",
    ("Violations to Mend", "Fautes à corriger", "Есть нарушения"),
    "The proposal breaks rules of the graph, so it cannot be approved.",
    "Mend what its report says, and send it anew.",
)
SUBMISSION = _kind(
    "submission",
    ("No Proposal Made", "Aucune proposition créée", "Предложение не создано"),
    "What was sent cannot become a proposal: it cannot be read, changes nothing, or is not complete.",
    "Read the message: it names the file and the line, and what to do.",
)

#: Name of a limit that ends a request -> titles of its kind; meaning and remedy come from the limit itself.
_LIMIT_TITLES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "body_bytes": ("Body Too Large", "Corps trop grand", "Слишком большое тело запроса"),
        "client_queries": (
            "Too Many Queries at Once",
            "Trop de requêtes à la fois",
            "Слишком много запросов сразу",
        ),
        "header_bytes": ("Header Too Large", "En-tête trop grand", "Слишком большой заголовок"),
        "path_bytes": ("Address Too Long", "Adresse trop longue", "Слишком длинный адрес"),
        "query_bytes": ("Query Too Long", "Requête trop longue", "Слишком длинный запрос"),
        "query_nesting": ("Query Too Deep", "Requête trop imbriquée", "Слишком глубокий запрос"),
        "query_optionals": ("Too Many OPTIONAL Parts", "Trop de parties OPTIONAL", "Слишком много OPTIONAL"),
        "query_seconds": ("Query Took Too Long", "Requête trop lente", "Запрос выполнялся слишком долго"),
        "query_unions": ("Too Many UNION Parts", "Trop de parties UNION", "Слишком много UNION"),
        "request_seconds": ("Request Too Slow", "Demande trop lente", "Запрос приходит слишком медленно"),
        "sign_in_attempts": ("Too Many Attempts", "Trop d’essais", "Слишком много попыток"),
        "client_uploads": (
            "Too Many Uploads at Once",
            "Trop d’envois à la fois",
            "Слишком много загрузок сразу",
        ),
        "upload_bytes": ("File Too Large", "Fichier trop grand", "Слишком большой файл"),
        "upload_seconds": ("Upload Too Slow", "Envoi trop lent", "Загрузка идёт слишком медленно"),
        "uploads": ("Too Many Uploads", "Trop d’envois", "Слишком много загрузок"),
        "table_cells": ("Too Many Cells", "Trop de cellules", "Слишком много ячеек"),
        "validation_memory_bytes": (
            "Validation Took Too Much Memory",
            "Vérification trop gourmande en mémoire",
            "Проверке не хватило памяти",
        ),
        "validation_seconds": (
            "Validation Took Too Long",
            "Vérification trop lente",
            "Проверка длилась слишком долго",
        ),
        "wait_seconds": ("No Free Worker", "Aucun processus libre", "Нет свободного процесса"),
        "waiting_queries": ("The Line Is Full", "File d’attente pleine", "Очередь заполнена"),
        "waiting_validations": (
            "Too Many Validations",
            "Trop de vérifications",
            "Слишком много проверок",
        ),
        "worker_bytes": ("Query Took Too Much Memory", "Trop de mémoire", "Запросу не хватило памяти"),
    }
)

#: Limits that bite because of what others ask at the same time.
_CROWDED = {
    "client_queries",
    "client_uploads",
    "uploads",
    "waiting_validations",
    "wait_seconds",
    "waiting_queries",
    "worker_bytes",
}

#: Every kind that an answer may have, by name.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        each.name: each
        for each in (
            MISTAKE,
            READ_ONLY,
            UNKNOWN,
            NO_ADDRESS,
            GONE,
            VERSION_REMOVED,
            VERSION_UNKNOWN,
            DATETIME,
            NOT_ACCEPTABLE,
            BODY_TYPE,
            METHOD,
            TARGET,
            CONDITION,
            RANGE,
            SIGN_IN,
            NOT_ALLOWED,
            NO_CURATORS,
            NO_PROPOSAL,
            CONFLICT,
            NOT_CONFORMING,
            SUBMISSION,
            NO_ROOM,
            BACKEND,
            BACKEND_TIME,
            *(
                _kind(
                    name,
                    titles,
                    sentence(name),
                    (
                        "Ask for less, or try again later."
                        if name in _CROWDED
                        else "Ask for less, or in parts."
                    )
                    + f" Whoever runs a server sets this limit by {variable(name)}.",
                )
                for name, titles in _LIMIT_TITLES.items()
            ),
            CLIENT_LEFT,
            NO_VERSION,
            FAULT,
        )
    }
)

#: Error class -> kind; of several that fit, the first.
_KIND_OF: tuple[tuple[type[GcmError], Kind], ...] = (
    (QueryError, MISTAKE),
    (RefusedQueryError, READ_ONLY),
    (UnknownIriError, UNKNOWN),
    (GoneError, GONE),
    (RemovedVersionError, VERSION_REMOVED),
    (UnknownVersionError, VERSION_UNKNOWN),
    (DatetimeError, DATETIME),
    (NotAcceptableError, NOT_ACCEPTABLE),
    (UnsupportedBodyError, BODY_TYPE),
    (DepartedError, CLIENT_LEFT),
    (RequestTargetError, TARGET),
    (PreconditionError, CONDITION),
    (BackendTimeoutError, BACKEND_TIME),
    (BackendError, BACKEND),
    (ReadOnlyError, NO_CURATORS),
    (SignInError, SIGN_IN),
    (ForbiddenError, NOT_ALLOWED),
    (UnknownProposalError, NO_PROPOSAL),
    (ConflictError, CONFLICT),
    (NotConformingError, NOT_CONFORMING),
    (DeskError, SUBMISSION),
    (NoRoomError, NO_ROOM),
    (StoreError, NO_VERSION),
    (GcmError, FAULT),
)

_KIND_OF_STATUS = {
    HTTPStatus.NOT_FOUND: NO_ADDRESS,
    HTTPStatus.METHOD_NOT_ALLOWED: METHOD,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: KINDS["body_bytes"],
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: BODY_TYPE,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: RANGE,
    HTTPStatus.SERVICE_UNAVAILABLE: NO_VERSION,
}


def kind_of_error(error: GcmError) -> Kind:
    """Give the kind of an error of ours."""
    if isinstance(error, LimitError):
        return KINDS.get(error.limit, FAULT)
    return next(kind for error_class, kind in _KIND_OF if isinstance(error, error_class))


def kind_of_status(status: HTTPStatus) -> Kind:
    """Give the kind of an error that the framework found."""
    return _KIND_OF_STATUS.get(status, FAULT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else MISTAKE)
