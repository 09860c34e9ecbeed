"""The words and sentences of the pages on which files are checked; `{…}` stands for a link or a value."""

from collections.abc import Mapping
from types import MappingProxyType

#: Key -> English, French, Russian.
VALIDATION: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "check": ("Check a file", "Vérifier un fichier", "Проверить файл"),
        "check_lead": (
            "Paste your data or choose files: each mistake is shown at its line, with the reason and the "
            "remedy. Nothing is kept on the server.",
            "Collez vos données ou choisissez des fichiers : chaque faute est montrée à sa ligne, avec la "
            "raison et le remède. Rien n’est gardé sur le serveur.",
            "Вставьте данные или выберите файлы: каждая ошибка показана в своей строке, с причиной и "
            "исправлением. На сервере ничего не хранится.",
        ),
        "check_text": ("Text to check", "Texte à vérifier", "Текст для проверки"),
        "check_files": ("Files to check", "Fichiers à vérifier", "Файлы для проверки"),
        "check_types": (
            "Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, CSV or XLSX, up to {size}.",
            "Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, CSV ou XLSX, jusqu’à {size}.",
            "Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, CSV или XLSX, до {size}.",
        ),
        "check_syntax": ("Syntax of the text", "Syntaxe du texte", "Синтаксис текста"),
        "check_by_looks": ("as it looks", "selon l’apparence", "по виду"),
        "check_profile": ("How strictly", "Avec quelle rigueur", "Насколько строго"),
        "profile.strict": (
            "Strict: ready to be published",
            "Strict : prêt à être publié",
            "Строго: готово к публикации",
        ),
        "profile.draft": (
            "Draft: what is missing is a warning",
            "Brouillon : ce qui manque est un avertissement",
            "Черновик: нехватка — предупреждение",
        ),
        "check_kind": ("Rows of a table are", "Les lignes d’un tableau sont", "Строки таблицы — это"),
        "check_no_kind": ("as the file says", "selon le fichier", "как сказано в файле"),
        "check_header": (
            "Header of the table’s dataset",
            "En-tête du jeu de données du tableau",
            "Заголовок набора данных таблицы",
        ),
        "check_header_hint": (
            "Only for a table: who publishes its rows and from which source, in Turtle. Files of other forms "
            "bring it themselves.",
            "Seulement pour un tableau : qui publie ses lignes et d’après quelle source, en Turtle. Les "
            "fichiers d’autres formats le contiennent.",
            "Только для таблицы: кто публикует её строки и из какого источника, на Turtle. Файлы других "
            "форматов содержат его сами.",
        ),
        "check_tables": (
            "Templates for tables stand beside the forms: {propose}.",
            "Les modèles de tableaux se trouvent à côté des formulaires : {propose}.",
            "Шаблоны таблиц — рядом с формами: {propose}.",
        ),
        "about_tables": (
            "Many at once go into a table: take the template, fill it in, and check it: {check}. The report "
            "can be sent as a proposal.",
            "Pour en ajouter beaucoup à la fois, prenez le modèle de tableau, remplissez-le et vérifiez-le : "
            "{check}. Le rapport permet de l’envoyer comme proposition.",
            "Сразу много удобнее внести таблицей: возьмите шаблон, заполните его и проверьте: {check}. Со "
            "страницы отчёта её можно отправить как предложение.",
        ),
        "template": ("Template", "Modèle", "Шаблон"),
        "filled_in": (
            "Filled in with all that is known",
            "Rempli avec tout ce qui est connu",
            "Всё известное",
        ),
        "send_as_proposal": ("Send as a proposal", "Envoyer comme proposition", "Отправить как предложение"),
        "send_hint": (
            "The files above are sent as they stand on this page. Another curator decides on them.",
            "Les fichiers ci-dessus sont envoyés tels qu’ils sont sur cette page. Une autre personne en "
            "décide.",
            "Файлы отправляются такими, какие они на этой странице. Решение примет другой куратор.",
        ),
        "send_sign_in": (
            "{sign_in} in a new tab and check again here, and the files can be sent as a proposal.",
            "{sign_in} dans un nouvel onglet et vérifiez encore une fois ici : les fichiers pourront être "
            "envoyés comme proposition.",
            "{sign_in} в новой вкладке и проверьте здесь ещё раз: тогда файлы можно отправить как "
            "предложение.",
        ),
        "how_to_propose": (
            "Propose {propose}, or {check}.",
            "Proposez {propose} ou {check}.",
            "Предложите {propose} или {check}.",
        ),
        "with_a_form": ("with a form", "avec un formulaire", "через форму"),
        "with_a_file": (
            "with a file or table that you check first",
            "avec un fichier ou un tableau que vous vérifiez d’abord",
            "файлом или таблицей, сначала проверив их",
        ),
        "check_run": ("Check", "Vérifier", "Проверить"),
        "check_again": ("Check again", "Vérifier à nouveau", "Проверить снова"),
        "check_other": ("Check something else", "Vérifier autre chose", "Проверить другое"),
        "check_programs": (
            "For programs, hooks and pipelines: {help}.",
            "Pour les programmes et l’intégration continue : {help}.",
            "Для программ и конвейеров: {help}.",
        ),
        "check_help": ("the same over HTTP", "la même chose par HTTP", "то же по HTTP"),
        "verdict_right": (
            "Nothing must be mended.",
            "Rien n’est à corriger.",
            "Исправлять ничего не нужно.",
        ),
        "verdict_wrong": ("To be mended: {count}.", "À corriger : {count}.", "Нужно исправить: {count}."),
        "verdict_warnings": (
            "Warnings: {count}.",
            "Avertissements : {count}.",
            "Предупреждений: {count}.",
        ),
        "severity.violation": ("To mend", "À corriger", "Исправить"),
        "severity.warning": ("Warning", "Avertissement", "Предупреждение"),
        "severity.info": ("Note", "Remarque", "Замечание"),
        "by_rule": ("By rule", "Par règle", "По правилам"),
        "by_file": ("By file", "Par fichier", "По файлам"),
        "rule": ("Rule", "Règle", "Правило"),
        "file": ("File", "Fichier", "Файл"),
        "findings": ("Findings", "Constats", "Замечания"),
        "first_message": ("The first", "Le premier", "Первое"),
        "show_only": ("Show only {name}", "Ne montrer que {name}", "Показать только {name}"),
        "show_all": ("Show all", "Tout montrer", "Показать всё"),
        "expected": ("Expected", "Attendu", "Ожидается"),
        "meant": ("Did you mean", "Vouliez-vous dire", "Возможно, имелось в виду"),
        "fix": ("Fix", "Correction", "Исправление"),
        "apply": ("Apply this fix", "Appliquer cette correction", "Применить это исправление"),
        "apply_all": (
            "Apply all suggested fixes ({count})",
            "Appliquer toutes les corrections proposées ({count})",
            "Применить все предложенные исправления ({count})",
        ),
        "left_out": (
            "Fixes left out, since they change what another one changes: {count}. Look at them again.",
            "Corrections omises, car elles changent ce qu’une autre change : {count}. Revoyez-les.",
            "Пропущено исправлений, меняющих то же, что и другие: {count}. Посмотрите их снова.",
        ),
        "edited_first": (
            "You have changed the text, so the fix was not applied: here is what is found in it now.",
            "Vous avez changé le texte, la correction n’a donc pas été appliquée : voici ce qui s’y trouve.",
            "Вы изменили текст, поэтому исправление не применено: вот что найдено в нём теперь.",
        ),
        "lines_left_out": ("{count} lines", "{count} lignes", "строк: {count}"),
        "on_the_whole": (
            "On the whole file",
            "Sur l’ensemble du fichier",
            "О файле в целом",
        ),
        "your_files": ("Your files", "Vos fichiers", "Ваши файлы"),
        "change_text": ("Change {name}", "Modifier {name}", "Изменить {name}"),
        "download_file": ("Download {name}", "Télécharger {name}", "Скачать {name}"),
        "download_report": ("Report as", "Rapport en", "Отчёт в виде"),
        "page_of": ("Page {number} of {count}", "Page {number} sur {count}", "Страница {number} из {count}"),
        "help_title": (
            "Checking files over HTTP",
            "Vérifier des fichiers par HTTP",
            "Проверка файлов по HTTP",
        ),
        "help_lead": (
            "The same report as on the page, for programs. A machine-readable description is {openapi}.",
            "Le même rapport que sur la page, pour les programmes. Une description lisible par machine est "
            "{openapi}.",
            "Тот же отчёт, что и на странице, для программ. Машиночитаемое описание — {openapi}.",
        ),
        "help_examples": ("Examples", "Exemples", "Примеры"),
        "help_parameters": ("Parameters", "Paramètres", "Параметры"),
        "help_answers": ("Answers", "Réponses", "Ответы"),
        "help_hook": ("Before each commit", "Avant chaque commit", "Перед каждым коммитом"),
        "help_pipeline": ("In a pipeline", "En intégration continue", "В конвейере"),
        "name": ("Name", "Nom", "Имя"),
        "meaning": ("Meaning", "Signification", "Значение"),
    }
)
