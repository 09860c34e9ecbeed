"""The words of the work list, in each language of the pages; `{…}` stands for a link or a value."""

from collections.abc import Mapping
from types import MappingProxyType

#: Key -> English, French, Russian.
WORKLIST_TEXTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "worklist": ("Work list", "Liste de travail", "Список дел"),
        "about_worklist": (
            "What is missing or weak in the graph. Each row leads to the form that mends it; what you send "
            "is "
            "read by another curator before it is published.",
            "Ce qui manque au graphe ou y est fragile. Chaque ligne mène au formulaire qui le corrige ; ce "
            "que "
            "vous envoyez est relu par une autre personne avant d’être publié.",
            "Чего в графе нет или что в нём ненадёжно. Каждая строка ведёт к форме, где это можно исправить; "
            "прежде чем отправленное будет опубликовано, его проверит другой куратор.",
        ),
        "all_rows": ("All rows ({count})", "Toutes les lignes ({count})", "Все строки ({count})"),
        "nothing_to_do": ("Nothing to do here.", "Rien à faire ici.", "Здесь делать нечего."),
        "mend": ("Mend", "Corriger", "Исправить"),
        "add_one": ("Add one", "En ajouter", "Добавить"),
        "show_rows": ("Show", "Afficher", "Показать"),
    }
)
