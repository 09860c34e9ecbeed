"""The words of the pages themselves; the graph's own words are in the graph."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from gcm.web.form_texts import FORM_TEXTS
from gcm.web.proposal_texts import PROPOSAL_TEXTS
from gcm.web.sentences import SENTENCES
from gcm.web.validation_texts import VALIDATION
from gcm.web.worklist_texts import WORKLIST_TEXTS

#: Languages of the pages, the first for readers of any other, each by its own name.
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "fr": "Français", "ru": "Русский"})

#: Key -> English, French, Russian. A missing translation is an empty text; English is shown instead.
TEXTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "site": (
            "Knowledge graph of the Global Compact for Migration",
            "Graphe de connaissances du Pacte mondial sur les migrations",
            "Граф знаний Глобального договора о миграции",
        ),
        "short_site": ("GCM knowledge graph", "Graphe de connaissances GCM", "Граф знаний ГДМ"),
        "skip": ("Skip to content", "Aller au contenu", "Перейти к содержанию"),
        "home": ("Home", "Accueil", "Главная"),
        "questions": ("Questions", "Questions", "Вопросы"),
        "endpoint": ("SPARQL", "SPARQL", "SPARQL"),
        "datasets": ("Datasets", "Jeux de données", "Наборы данных"),
        "ontology": ("Ontology", "Ontologie", "Онтология"),
        "shapes": ("Shapes", "Formes (SHACL)", "Формы (SHACL)"),
        "limits": ("Limits", "Limites", "Ограничения"),
        "problems": ("Problems", "Problèmes", "Ошибки"),
        "problem_kind": (
            "What this means, and what to do",
            "Ce que cela signifie et que faire",
            "Что это значит и что делать",
        ),
        "search": ("Search", "Rechercher", "Поиск"),
        "search_label": ("Search by name", "Rechercher par nom", "Поиск по названию"),
        "signing_in": ("Sign In", "Se connecter", "Вход"),
        "sign_out": ("Sign out", "Se déconnecter", "Выйти"),
        "signed_in_as": ("Signed in as", "Connecté sous le nom", "Вы вошли как"),
        "token": ("Token", "Jeton", "Токен"),
        "token_hint": (
            "Curators have a token from whoever runs this server. It is not kept in the browser; a cookie "
            "remembers for some hours that you have signed in.",
            "Les curateurs reçoivent un jeton de qui exploite ce serveur. Le navigateur ne le garde pas ; un "
            "cookie retient pendant quelques heures que vous êtes connecté.",
            "Кураторы получают токен от того, кто содержит сервер. Браузер его не хранит; cookie несколько "
            "часов помнит, что вы вошли.",
        ),
        "token_failed": (
            "This token opens nothing: it is mistyped, revoked or over.",
            "Ce jeton n’ouvre rien : il est mal saisi, révoqué ou expiré.",
            "Этот токен не подходит: он введён с ошибкой, отозван или истёк.",
        ),
        "read_only_server": (
            "This server is read-only: no token is configured, so nobody can propose anything here.",
            "Ce serveur est en lecture seule : aucun jeton n’est configuré, on ne peut rien proposer ici.",
            "Сервер работает только для чтения: токены не заданы, предлагать здесь ничего нельзя.",
        ),
        "language": ("Language", "Langue", "Язык"),
        "navigation": ("Main", "Principale", "Основная"),
        "breadcrumb": ("You are here", "Vous êtes ici", "Вы здесь"),
        "who_says": ("Source", "Source", "Источник"),
        "sources": ("Sources", "Sources", "Источники"),
        "incoming": ("What points here", "Ce qui renvoie ici", "Что сюда ссылается"),
        "more": ("More", "Autres données", "Прочее"),
        "downloads": ("Download", "Télécharger", "Скачать"),
        "identifier": ("Identifier", "Identifiant", "Идентификатор"),
        "page": ("Page", "Page", "Страница"),
        "pages": ("Pages", "Pages", "Страницы"),
        "previous": ("Previous", "Précédente", "Предыдущая"),
        "next": ("Next", "Suivante", "Следующая"),
        "of": ("of", "sur", "из"),
        "more_than": ("more than", "plus de", "более"),
        "known": ("known", "connus", "известно"),
        "reported": ("reported", "signalés", "сообщается"),
        "as_of": ("as of", "au", "по состоянию на"),
        "version": ("Version", "Version", "Версия"),
        "statements": ("Statements", "Énoncés", "Утверждения"),
        "things": ("Things", "Objets", "Объекты"),
        "class": ("Class", "Classe", "Класс"),
        "classes": ("Classes", "Classes", "Классы"),
        "properties": ("Properties", "Propriétés", "Свойства"),
        "values": ("Lists of values", "Listes de valeurs", "Списки значений"),
        "property": ("Property", "Propriété", "Свойство"),
        "value": ("Value", "Valeur", "Значение"),
        "definition": ("Definition", "Définition", "Определение"),
        "count": ("Known", "Connus", "Известно"),
        "title": ("Title", "Titre", "Название"),
        "document": ("Source document", "Document source", "Исходный документ"),
        "read_on": ("Read on", "Lu le", "Дата чтения"),
        "licence": ("Licence", "Licence", "Лицензия"),
        "run": ("Ask", "Interroger", "Спросить"),
        "change_query": ("Change the query", "Modifier la requête", "Изменить запрос"),
        "query": ("Query", "Requête", "Запрос"),
        "answer": ("Answer", "Réponse", "Ответ"),
        "rows": ("Rows", "Lignes", "Строки"),
        "any": ("any", "tous", "любые"),
        "no_rows": (
            "The graph knows no answer. That does not mean that there is none.",
            "Le graphe ne connaît pas de réponse. Cela ne veut pas dire qu’il n’y en a pas.",
            "Граф не знает ответа. Это не значит, что ответа нет.",
        ),
        "outside": ("outside link", "lien externe", "внешняя ссылка"),
        "all_classes": ("All classes", "Toutes les classes", "Все классы"),
        "versions": ("Versions", "Versions", "Версии"),
        "versions_kept": (
            "Versions kept, the newest first",
            "Versions gardées, la plus récente d’abord",
            "Хранимые версии, сначала самая новая",
        ),
        "built": ("Built", "Établie", "Создана"),
        "newest": ("Read the newest version", "Lire la version la plus récente", "Читать самую новую версию"),
        "all_versions": ("All versions", "Toutes les versions", "Все версии"),
        "group.Actors": ("Actors", "Acteurs", "Участники"),
        "group.Commitments": ("Commitments", "Engagements", "Обязательства"),
        "group.Compact": ("Compact", "Pacte", "Договор"),
        "group.Funding": ("Funding", "Financement", "Финансирование"),
        "group.Gaps": ("Gaps", "Lacunes", "Пробелы"),
        "group.Law": ("Law", "Droit", "Право"),
        "group.Reviews": ("Reviews", "Examens", "Обзоры"),
        "group.Sources": ("Sources", "Sources", "Источники"),
        "contents": ("What it holds", "Contenu", "Содержание"),
    }
)


@cache
def texts_in(language: str) -> Mapping[str, str]:
    """Give the words of the pages in a language, English where it has none."""
    column = list(LANGUAGES).index(language)
    rows = {**TEXTS, **SENTENCES, **VALIDATION, **PROPOSAL_TEXTS, **WORKLIST_TEXTS, **FORM_TEXTS}
    return MappingProxyType({key: row[column] or row[0] for key, row in rows.items()})
