"""The sentences of the pages themselves, in each of their languages; `{…}` stands for a link or a value."""

from collections.abc import Mapping
from types import MappingProxyType

#: Key -> English, French, Russian.
SENTENCES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "lead": (
            "How the Global Compact for Safe, Orderly and Regular Migration is carried out, followed up and "
            "reviewed, as linked data, beginning with the UNECE region. Every statement names the document, "
            "and the place in it, that says so. What the documents count and we cannot name is said too: "
            "unknown is not none.",
            "Comment le Pacte mondial pour des migrations sûres, ordonnées et régulières est mis en œuvre, "
            "suivi et examiné, en données liées, à commencer par la région de la CEE-ONU. Chaque énoncé "
            "nomme le document, et le passage, qui le dit. Ce que les documents comptent et que nous ne "
            "pouvons pas nommer est dit aussi : inconnu ne veut pas dire aucun.",
            "Как осуществляется Глобальный договор о безопасной, упорядоченной и легальной миграции, как "
            "проходят его обзор и последующая деятельность — в виде связанных данных, начиная с региона "
            "ЕЭК ООН. У каждого утверждения назван документ и место в нём. Сказано и о том, что документы "
            "считают, а мы не можем назвать: «неизвестно» не значит «нет».",
        ),
        "to_ask": ("To ask", "Interroger", "Спросить"),
        "to_ask_pick": (
            "Pick one of the {questions}, read the answer, take it as a file, or change a word of its query.",
            "Choisissez l’une des {questions}, lisez la réponse, téléchargez-la, ou changez un mot de la "
            "requête.",
            "Выберите один из {questions}, прочитайте ответ, возьмите его файлом или измените слово запроса.",
        ),
        "to_ask_many": ("{count} questions", "{count} questions", "вопросов ({count})"),
        "to_ask_write": (
            "Or write your own on the {endpoint}. From Python:",
            "Ou écrivez la vôtre sur la {endpoint}. En Python :",
            "Или напишите свой на {endpoint}. Из Python:",
        ),
        "query_page": ("query page", "page de requête", "странице запросов"),
        "to_link": ("To link", "Relier", "Связать"),
        "to_link_forms": (
            "Everything has an address that answers in HTML, Turtle, N-Triples, N-Quads, JSON-LD, RDF/XML "
            "and CSV.",
            "Toute chose a une adresse qui répond en HTML, Turtle, N-Triples, N-Quads, JSON-LD, RDF/XML et "
            "CSV.",
            "У всего есть адрес, который отвечает в HTML, Turtle, N-Triples, N-Quads, JSON-LD, RDF/XML и "
            "CSV.",
        ),
        "to_link_names": (
            "The names of things begin with {base}, whatever host answers. Harvest whole {datasets}, the "
            "{ontology} or the {shapes}.",
            "Les noms des choses commencent par {base}, quel que soit l’hôte qui répond. Moissonnez des "
            "{datasets} entiers, l’{ontology} ou les {shapes}.",
            "Имена вещей начинаются с {base}, какой бы узел ни отвечал. Забирайте целиком {datasets}, "
            "{ontology} или {shapes}.",
        ),
        "the_datasets": ("datasets", "jeux de données", "наборы данных"),
        "the_ontology": ("ontology", "ontologie", "онтологию"),
        "the_shapes": ("shapes", "formes", "формы"),
        "to_contribute": ("To contribute", "Contribuer", "Участвовать"),
        "to_contribute_file": (
            "A dataset is one Turtle file from one source. Write it, put it in the canonical form, check it; "
            "each mistake is shown at its line with the remedy.",
            "Un jeu de données est un fichier Turtle tiré d’une seule source. Écrivez-le, mettez-le dans sa "
            "forme canonique, vérifiez-le ; chaque faute est montrée à sa ligne avec le remède.",
            "Набор данных — это один файл Turtle из одного источника. Напишите его, приведите к "
            "канонической форме, проверьте; каждая ошибка показана в своей строке вместе с исправлением.",
        ),
        "to_contribute_shapes": (
            "What a file must hold is said by the {shapes}.",
            "Ce qu’un fichier doit contenir est dit par les {shapes}.",
            "Что должно быть в файле, говорят {shapes}.",
        ),
        "about_questions": (
            "Questions that the graph must be able to answer. Each is a query that you can change, and an "
            "answer that you can take with you.",
            "Des questions auxquelles le graphe doit pouvoir répondre. Chacune est une requête que vous "
            "pouvez changer, et une réponse que vous pouvez emporter.",
            "Вопросы, на которые граф должен уметь отвечать. Каждый — это запрос, который можно изменить, "
            "и ответ, который можно взять с собой.",
        ),
        "about_datasets": (
            "One source is one dataset, one file and one named graph: {pattern} answers who says so. Where "
            "two documents say the same, it stands in two datasets.",
            "Une source est un jeu de données, un fichier et un graphe nommé : {pattern} répond à la "
            "question « qui le dit ? ». Ce que deux documents disent se trouve dans deux jeux de données.",
            "Один источник — это один набор данных, один файл и один именованный граф: {pattern} отвечает, "
            "кто это говорит. Что сказано в двух документах, стоит в двух наборах.",
        ),
        "about_ontology": (
            "The words with which the graph speaks. Each has an address of its own, a definition, and the "
            "paragraph it comes from.",
            "Les mots avec lesquels le graphe parle. Chacun a une adresse, une définition, et le paragraphe "
            "dont il vient.",
            "Слова, которыми говорит граф. У каждого есть свой адрес, определение и пункт документа, откуда "
            "оно взято.",
        ),
        "about_shapes": (
            "What the data must look like, in SHACL. The same shapes lay out these pages. A curator checks a "
            "file with {command}.",
            "Ce à quoi les données doivent ressembler, en SHACL. Les mêmes formes ordonnent ces pages. On "
            "vérifie un fichier avec {command}.",
            "Как должны выглядеть данные, на языке SHACL. Те же формы определяют вид этих страниц. Файл "
            "проверяют командой {command}.",
        ),
        "about_limits": (
            "A limit that bites is named in the answer. Whoever runs a server sets them by environment "
            "variables.",
            "Une limite atteinte est nommée dans la réponse. Qui exploite un serveur les règle par des "
            "variables d’environnement.",
            "Достигнутое ограничение названо в ответе. Кто держит сервер, задаёт их переменными окружения.",
        ),
        "about_versions": (
            "Each version of the graph keeps an address of its own, so that what was cited stays what it "
            "was: put {prefix} before any address. The last {limit} are kept; this is set by {variable}.",
            "Chaque version du graphe garde sa propre adresse, pour que ce qui a été cité reste ce qu’il "
            "était : mettez {prefix} devant une adresse. Les {limit} dernières sont gardées ; {variable} le "
            "règle.",
            "Каждая версия графа сохраняет собственный адрес, чтобы процитированное оставалось прежним: "
            "поставьте {prefix} перед любым адресом. Хранятся последние ({limit}); это задаёт {variable}.",
        ),
        "first_rows": (
            "Only the first {count} rows are shown here (limit {limit}); a download holds them all.",
            "Seules les {count} premières lignes sont montrées ici (limite {limit}) ; un téléchargement les "
            "contient toutes.",
            "Здесь показаны только первые строки ({count}, ограничение {limit}); в файле для скачивания есть "
            "все.",
        ),
        "prefixes_known": (
            "Prefixes such as {prefixes} need no declaration.",
            "Des préfixes comme {prefixes} n’ont pas besoin d’être déclarés.",
            "Такие префиксы, как {prefixes}, не нужно объявлять.",
        ),
        "pinned_to": (
            "You are reading version {version}, built on {built}.",
            "Vous lisez la version {version}, établie le {built}.",
            "Вы читаете версию {version}, созданную {built}.",
        ),
    }
)
