"""The words of the forms, in each language of the pages; `{…}` stands for a link or a value."""

from collections.abc import Mapping
from types import MappingProxyType

#: Key -> English, French, Russian.
FORM_TEXTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "propose": ("Propose", "Proposer", "Предложить"),
        "about_propose": (
            "Add something to the graph, or change it. What you send is a proposal: another curator reads it "
            "before it is published.",
            "Ajoutez quelque chose au graphe, ou modifiez-le. Ce que vous envoyez est une proposition : une "
            "autre "
            "personne la relit avant sa publication.",
            "Добавьте что-нибудь в граф или измените. То, что вы отправите, — предложение: прежде чем его "
            "опубликуют, его прочтёт другой куратор.",
        ),
        "other_forms": ("Everything else", "Tout le reste", "Всё остальное"),
        "propose_new": ("{name}: add one", "{name} : en ajouter", "{name}: добавить"),
        "propose_change": ("Change “{name}”", "Modifier « {name} »", "Изменить «{name}»"),
        "propose_a_change": ("Propose a change", "Proposer une modification", "Предложить изменение"),
        "needs_token": (
            "You are not signed in. You can fill in the form, check it and take the Turtle with you; to "
            "send it "
            "as a proposal, a curator’s token is needed.",
            "Vous n’êtes pas identifié. Vous pouvez remplir le formulaire, le vérifier et emporter le "
            "Turtle ; "
            "pour l’envoyer comme proposition, il faut un jeton de curateur.",
            "Вы не вошли. Можно заполнить форму, проверить её и взять с собой Turtle; чтобы отправить её как "
            "предложение, нужен токен куратора.",
        ),
        "sign_in_beside": (
            "{sign_in} in a new tab, then press Check here: what you have typed stays.",
            "{sign_in} dans un nouvel onglet, puis appuyez ici sur Vérifier : votre saisie reste.",
            "{sign_in} в новой вкладке и нажмите здесь «Проверить»: введённое останется.",
        ),
        "form_sign_in": ("Sign in", "S’identifier", "Войти"),
        "form_check": ("Check", "Vérifier", "Проверить"),
        "send": ("Send the proposal", "Envoyer la proposition", "Отправить предложение"),
        "download_turtle": (
            "Download the dataset as Turtle",
            "Télécharger le jeu de données en Turtle",
            "Скачать набор данных в Turtle",
        ),
        "form_comment": (
            "Comment for the reviewer",
            "Commentaire pour la relecture",
            "Комментарий для проверяющего",
        ),
        "add_another": ("Add another", "En ajouter un autre", "Добавить ещё"),
        "search_things": ("Search", "Rechercher", "Найти"),
        "colon": (":", "\u00a0:", ":"),
        "required": ("required", "obligatoire", "обязательно"),
        "recommended": ("recommended", "recommandé", "желательно"),
        "choose": ("– choose –", "– choisir –", "– выбрать –"),
        "yes": ("yes", "oui", "да"),
        "no": ("no", "non", "нет"),
        "language_code": ("Language (code)", "Langue (code)", "Язык (код)"),
        "which_is_meant": (
            "Which is meant by “{words}”?",
            "Que désigne « {words} » ?",
            "Что означает «{words}»?",
        ),
        "which_of_these": ("Which of these?", "Lequel de ceux-ci ?", "Что из этого?"),
        "means": ("This is {name}.", "C’est {name}.", "Это {name}."),
        "hint.entity": (
            "A code, a name in any language, or an address.",
            "Un code, un nom dans n’importe quelle langue, ou une adresse.",
            "Код, название на любом языке или адрес.",
        ),
        "hint.date": (
            "A year, a month or a day: 2024, 2024-05, 2024-05-17 or 17.05.2024.",
            "Une année, un mois ou un jour : 2024, 2024-05, 2024-05-17 ou 17.05.2024.",
            "Год, месяц или день: 2024, 2024-05, 2024-05-17 или 17.05.2024.",
        ),
        "hint.number": (
            "Digits, with a point before decimals.",
            "Des chiffres, avec un point devant les décimales.",
            "Цифры; дробная часть после точки.",
        ),
        "hint.duration": (
            "P30M is 30 months, P2Y two years.",
            "P30M : 30 mois ; P2Y : deux ans.",
            "P30M — 30 месяцев, P2Y — два года.",
        ),
        "hint.address": ("It begins with https://.", "Elle commence par https://.", "Начинается с https://."),
        "source_of_this": ("Source", "Source", "Источник"),
        "about_source": (
            "Every statement rests on a document. Choose the dataset that holds what is taken from it, or "
            "describe a new source.",
            "Chaque énoncé repose sur un document. Choisissez le jeu de données qui contient ce qui en est "
            "tiré, ou décrivez une nouvelle source.",
            "Каждое утверждение опирается на документ. Выберите набор данных с тем, что из него взято, или "
            "опишите новый источник.",
        ),
        "dataset": ("Dataset", "Jeu de données", "Набор данных"),
        "new_source": ("A new source", "Une nouvelle source", "Новый источник"),
        "new_document": ("A new document", "Un nouveau document", "Новый документ"),
        "about_new_document": (
            "Only if the document is not yet among those of the dataset, or the source is new.",
            "Seulement si le document n’est pas encore parmi ceux du jeu de données, ou si la source est "
            "nouvelle.",
            "Только если документа ещё нет среди документов набора или источник новый.",
        ),
        "new_dataset": ("A new dataset", "Un nouveau jeu de données", "Новый набор данных"),
        "about_new_dataset": (
            "Only for a new source.",
            "Seulement pour une nouvelle source.",
            "Только для нового источника.",
        ),
        "document_title": ("title of the document", "titre du document", "название документа"),
        "document_page": ("address of the document", "adresse du document", "адрес документа"),
        "place_in_document": ("place in the document", "endroit dans le document", "место в документе"),
        "read_on_day": ("read on", "lu le", "прочитан"),
        "dataset_description": (
            "what the dataset holds",
            "ce que contient le jeu de données",
            "что в наборе",
        ),
        "code_of_thing": ("Public code", "Code public", "Общеизвестный код"),
        "statements_of": ("Statements of", "Énoncés de", "Утверждения из"),
        "show_statements": ("Show", "Afficher", "Показать"),
        "kept_statements": (
            "Kept as they are: statements that this form does not show",
            "Conservés tels quels : les énoncés que ce formulaire ne montre pas",
            "Остаётся как есть: утверждения, которых эта форма не показывает",
        ),
        "to_mend": ("To mend: {count}", "À corriger : {count}", "Нужно исправить: {count}"),
        "to_consider": ("To consider: {count}", "À considérer : {count}", "Обратите внимание: {count}"),
        "nothing_found": (
            "The check found nothing to mend.",
            "La vérification n’a rien trouvé à corriger.",
            "Проверка не нашла ошибок.",
        ),
        "nothing_changes": (
            "Nothing would change: the graph says all of this already.",
            "Rien ne changerait : le graphe dit déjà tout cela.",
            "Ничего не изменится: всё это в графе уже есть.",
        ),
        "what_would_change": ("What would change", "Ce qui changerait", "Что изменится"),
        "would_be_added": ("Added ({count})", "Ajoutés ({count})", "Добавится ({count})"),
        "would_be_removed": ("Removed ({count})", "Supprimés ({count})", "Удалится ({count})"),
        "changed_meanwhile": (
            "Somebody has changed this since you opened it. What you typed is below; compare it with {name} "
            "before you send it.",
            "Quelqu’un l’a modifié depuis que vous l’avez ouvert. Ce que vous avez saisi est ci-dessous ; "
            "comparez-le avec {name} avant de l’envoyer.",
            "Пока вы заполняли форму, это кто-то изменил. Введённое вами — ниже; прежде чем отправлять, "
            "сравните его с {name}.",
        ),
        "not_sent": (
            "The proposal was not sent.",
            "La proposition n’a pas été envoyée.",
            "Предложение не отправлено.",
        ),
        "mandatory_note": (
            "Fields marked with {mark} must be filled in.",
            "Les champs marqués d’un {mark} sont obligatoires.",
            "Поля со знаком {mark} обязательны.",
        ),
    }
)
