"""The words of the pages about proposals, previews and history, in each language; `{…}` stands for a part."""

from collections.abc import Mapping
from types import MappingProxyType

#: Key -> English, French, Russian.
PROPOSAL_TEXTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "proposals": ("Proposals", "Propositions", "Предложения"),
        "proposal": ("Proposal", "Proposition", "Предложение"),
        "about_proposals": (
            "A proposal is a change of the graph that a curator asks for. It lives beside the graph until "
            "another curator approves it; then it is published, and can be taken back.",
            "Une proposition est un changement du graphe qu’une personne chargée des données demande. Elle "
            "reste à côté du graphe jusqu’à ce qu’une autre l’approuve ; elle est alors publiée, et "
            "peut être "
            "annulée.",
            "Предложение — это изменение графа, о котором просит куратор. Оно остаётся рядом с графом, пока "
            "другой куратор его не одобрит; тогда оно публикуется, и его можно отменить.",
        ),
        "no_proposals": (
            "There is no such proposal.",
            "Il n’y a pas de telle proposition.",
            "Таких предложений нет.",
        ),
        "state": ("State", "État", "Состояние"),
        "state.": ("All", "Toutes", "Все"),
        "state.waiting": ("Waiting", "En attente", "Ожидают"),
        "state.draft": ("Draft with faults", "Brouillon avec fautes", "Черновик с ошибками"),
        "state.open": ("To be decided", "À décider", "Ждёт решения"),
        "state.asked": ("Changes asked for", "Changements demandés", "Запрошены изменения"),
        "state.published": ("Published", "Publiée", "Опубликовано"),
        "state.rejected": ("Rejected", "Rejetée", "Отклонено"),
        "state.withdrawn": ("Withdrawn", "Retirée", "Отозвано"),
        "state.reverted": ("Taken back", "Annulée", "Отменено"),
        "act.proposed": ("proposed this", "a proposé ceci", "предложение внесено"),
        "act.commented": ("commented", "a commenté", "комментарий"),
        "act.asked": ("asked for changes", "a demandé des changements", "запрошены изменения"),
        "act.approved": ("approved", "a approuvé", "одобрено"),
        "act.published": ("published", "a publié", "опубликовано"),
        "act.rejected": ("rejected", "a rejeté", "отклонено"),
        "act.withdrawn": ("withdrew", "a retiré", "отозвано"),
        "act.reverted": ("took it back", "a annulé", "отменено"),
        "number": ("Number", "Numéro", "Номер"),
        "by": ("By", "Par", "Кто"),
        "approved_by": ("Approved by", "Approuvé par", "Одобрил"),
        "when": ("When", "Date", "Когда"),
        "faults": ("Faults", "Fautes", "Ошибки"),
        "filter": ("Show", "Afficher", "Показать"),
        "sent_files": ("Files as they were sent", "Fichiers envoyés", "Файлы, как они были присланы"),
        "report": ("Report", "Rapport", "Отчёт"),
        "report_clean": (
            "Nothing must be mended.",
            "Il n’y a rien à corriger.",
            "Ничего исправлять не нужно.",
        ),
        "in_words": ("In words", "En mots", "Словами"),
        "as_patch": ("As a patch", "Comme correctif", "В виде патча"),
        "as_text": ("as text", "en texte", "текстом"),
        "counted_change": (
            "Things: {things}. Statements that come: {added}; that go: {removed}.",
            "Objets : {things}. Énoncés ajoutés : {added} ; retirés : {removed}.",
            "Объектов: {things}. Утверждений добавлено: {added}; убрано: {removed}.",
        ),
        "new_thing": (
            "a new {kind}, {name}{topics}",
            "nouveau : {kind}, {name}{topics}",
            "новое: {kind}, {name}{topics}",
        ),
        "changed_thing": ("{kind} {name}{topics}", "{kind} {name}{topics}", "{kind} {name}{topics}"),
        "removed_thing": (
            "no longer the {kind} {name}{topics}",
            "suppression : {kind} {name}{topics}",
            "удалено: {kind} {name}{topics}",
        ),
        "thing_word": ("thing", "objet", "объект"),
        "on_objective": (" on objective {topics}", " sur l’objectif {topics}", " по цели {topics}"),
        "on_objectives": (" on objectives {topics}", " sur les objectifs {topics}", " по целям {topics}"),
        "on_topics": (", about {topics}", ", sur {topics}", ", тема: {topics}"),
        "and": ("and", "et", "и"),
        "others": ("Everything else", "Le reste", "Остальное"),
        "was": ("before:", "avant :", "было:"),
        "becomes": ("after:", "après :", "стало:"),
        "restated": (
            "The same is now said by another dataset.",
            "La même chose est dite désormais par un autre jeu de données.",
            "То же самое теперь говорит другой набор данных.",
        ),
        "said_in": ("in {datasets}", "dans {datasets}", "в наборе {datasets}"),
        "duplicates": ("Perhaps known already", "Peut-être déjà connus", "Возможно, уже есть"),
        "about_duplicates": (
            "These things have the same actor, a like name and a near date. Look whether they are the same.",
            "Ces objets ont le même acteur, un nom semblable et une date proche. Vérifiez s’il s’agit "
            "du même.",
            "У этих объектов тот же участник, похожее название и близкая дата. Проверьте, не одно ли это.",
        ),
        "likeness": ("Likeness", "Ressemblance", "Сходство"),
        "proposed": ("Proposed", "Proposé", "Предложено"),
        "overlaps": (
            "Other proposals about the same things",
            "Autres propositions sur les mêmes objets",
            "Другие предложения о тех же объектах",
        ),
        "clashes": (
            "What stands in the way",
            "Ce qui fait obstacle",
            "Что мешает",
        ),
        "about_clashes": (
            "The graph has changed since. As it is, this cannot be approved: propose it anew on what is "
            "there "
            "now.",
            "Le graphe a changé depuis. Telle quelle, la proposition ne peut pas être approuvée : "
            "refaites-la "
            "sur l’état actuel.",
            "Граф с тех пор изменился. В таком виде одобрить нельзя: внесите предложение заново, исходя из "
            "нынешнего состояния.",
        ),
        "rebased": (
            "The same datasets were changed since by others, elsewhere in them or by further values. What is "
            "shown would be done to them as they are now.",
            "Les mêmes jeux de données ont été changés depuis, à d’autres endroits ou par d’autres valeurs. "
            "Ce qui est montré serait fait à leur état actuel.",
            "Те же наборы данных с тех пор изменили в других местах или дополнили. Показано, что будет "
            "сделано с их нынешним состоянием.",
        ),
        "wanted": ("Proposed", "Proposé", "Предложено"),
        "present": ("There now", "État actuel", "Есть сейчас"),
        "identifier_taken": (
            "This identifier has been taken meanwhile.",
            "Cet identifiant a été pris entre-temps.",
            "Этот идентификатор тем временем занят.",
        ),
        "whole_taken": ("changed in the files", "changé dans les fichiers", "изменено в файлах"),
        "effects": ("What changes", "Ce qui change", "Что изменится"),
        "effects_pages": ("Pages", "Pages", "Страницы"),
        "effects_figures": ("Figures", "Chiffres", "Числа"),
        "before": ("Before", "Avant", "До"),
        "after": ("After", "Après", "После"),
        "figure": ("Figure", "Chiffre", "Число"),
        "not_there": ("none", "aucun", "нет"),
        "other_rows": ("as many, but others", "autant, mais d’autres", "столько же, но другие"),
        "no_figures": ("No figure changes.", "Aucun chiffre ne change.", "Ни одно число не меняется."),
        "unseen_pages": (
            "{count} more pages may change; they were not compared.",
            "{count} autres pages changent peut-être ; elles n’ont pas été comparées.",
            "Ещё страниц, которые могут измениться: {count}; их не сравнивали.",
        ),
        "measure.statements": ("All statements", "Tous les énoncés", "Все утверждения"),
        "measure.datasets": ("All datasets", "Tous les jeux de données", "Все наборы данных"),
        "measure.class": ("Known: {name}", "Connus : {name}", "Известно: {name}"),
        "measure.dataset": ("Statements of {name}", "Énoncés de {name}", "Утверждения в наборе {name}"),
        "measure.known": ("Known, of: {name}", "Connus, sur : {name}", "Известно из: {name}"),
        "measure.question": ("Rows: {name}", "Lignes : {name}", "Строки: {name}"),
        "reach.new": ("New", "Ajout", "Добавится"),
        "reach.removed": ("Goes", "Suppression", "Исчезнет"),
        "reach.said": ("Says something else", "Dit autre chose", "Говорит другое"),
        "reach.linked": ("Other links to it", "Autres liens vers elle", "Другие ссылки на неё"),
        "reach.listed": ("Lists or counts otherwise", "Liste ou compte autrement", "Иной список или счёт"),
        "reach.shown": ("Shows what changes", "Montre ce qui change", "Показывает изменённое"),
        "preview": ("Preview", "Aperçu", "Предпросмотр"),
        "see_preview": (
            "See the whole graph as it would be",
            "Voir tout le graphe tel qu’il serait",
            "Посмотреть весь граф, каким он станет",
        ),
        "preview_now": ("as it is now", "état actuel", "как сейчас"),
        "preview_being_made": (
            "The preview is being made, which takes some seconds. {reload}",
            "L’aperçu est en préparation ; cela prend quelques secondes. {reload}",
            "Предпросмотр готовится, это займёт несколько секунд. {reload}",
        ),
        "reload": ("Load this page again", "Recharger cette page", "Загрузить страницу снова"),
        "preview_failed": (
            "The preview could not be made. The server’s log says why.",
            "L’aperçu n’a pas pu être établi. Le journal du serveur dit pourquoi.",
            "Предпросмотр создать не удалось. Причина — в журнале сервера.",
        ),
        "preview_of": (
            "This is a preview: the graph as proposal {number} would make it. Nothing of this is published.",
            "Ceci est un aperçu : le graphe tel que la proposition {number} le ferait. Rien n’en est publié.",
            "Это предпросмотр: граф, каким его сделает предложение {number}. Ничего из этого не "
            "опубликовано.",
        ),
        "back_to_proposal": (
            "Back to the proposal",
            "Retour à la proposition",
            "Вернуться к предложению",
        ),
        "events": ("What happened", "Ce qui s’est passé", "Что произошло"),
        "decide": ("Decide", "Décider", "Решить"),
        "comment": ("Comment", "Commentaire", "Комментарий"),
        "comment_hint": (
            "Everyone who reads this proposal can read it.",
            "Toute personne qui lit cette proposition peut le lire.",
            "Его прочтут все, кто читает это предложение.",
        ),
        "approve": ("Approve and publish", "Approuver et publier", "Одобрить и опубликовать"),
        "ask_changes": ("Ask for changes", "Demander des changements", "Запросить изменения"),
        "reject": ("Reject", "Rejeter", "Отклонить"),
        "withdraw": ("Withdraw", "Retirer", "Отозвать"),
        "add_comment": ("Comment", "Commenter", "Прокомментировать"),
        "revert": ("Propose to take it back", "Proposer d’annuler", "Предложить отменить"),
        "own_proposal": (
            "This proposal is your own: another curator decides on it.",
            "Cette proposition est la vôtre : une autre personne en décide.",
            "Это ваше предложение: решение принимает другой куратор.",
        ),
        "only_review": (
            "Your token allows proposals, not decisions.",
            "Votre jeton permet de proposer, non de décider.",
            "Ваш токен позволяет предлагать, но не решать.",
        ),
        "not_approvable": (
            "It cannot be approved before its faults are mended.",
            "Elle ne peut être approuvée avant que ses fautes soient corrigées.",
            "Одобрить нельзя, пока не исправлены ошибки.",
        ),
        "sign_in_to_act": (
            "{sign_in} to comment, to decide and to see previews.",
            "{sign_in} pour commenter, décider et voir les aperçus.",
            "{sign_in}, чтобы комментировать, решать и смотреть предпросмотр.",
        ),
        "role.propose": ("may propose", "peut proposer", "может предлагать"),
        "role.review": ("may decide", "peut décider", "может решать"),
        "sign_in": ("Sign in", "Connectez-vous", "Войдите"),
        "reverts": (
            "It takes back proposal {number}.",
            "Elle annule la proposition {number}.",
            "Отменяет предложение {number}.",
        ),
        "replaces": (
            "It takes the place of proposal {number}.",
            "Elle remplace la proposition {number}.",
            "Заменяет предложение {number}.",
        ),
        "version_made": ("version {version}", "version {version}", "версия {version}"),
        "history": ("History", "Historique", "История"),
        "history_of": ("History of {name}", "Historique de {name}", "История: {name}"),
        "about_history": (
            "What was published, the newest first: by proposals, and by files that were changed. Differences "
            "can be shown between the versions that are kept.",
            "Ce qui a été publié, le plus récent d’abord : par des propositions, et par des fichiers "
            "modifiés. "
            "Les différences se montrent entre les versions gardées.",
            "Что было опубликовано, сначала новое: предложениями и изменением файлов. Различия видны между "
            "хранимыми версиями.",
        ),
        "no_history": (
            "No change of it is known between the versions that are kept.",
            "Aucun changement n’est connu entre les versions gardées.",
            "Между хранимыми версиями изменений не известно.",
        ),
        "changed_in_files": (
            "by changed files, without a proposal",
            "par des fichiers modifiés, sans proposition",
            "изменением файлов, без предложения",
        ),
        "first_kept": (
            "The oldest version that is kept",
            "La plus ancienne version gardée",
            "Самая старая из хранимых версий",
        ),
        "all_of_it": ("all of it", "le tout", "полностью"),
        "more_changes": (
            "Only the first {count} things are shown here.",
            "Seuls les {count} premiers objets sont montrés ici.",
            "Здесь показаны только первые объекты ({count}).",
        ),
        "all_history": ("All publications", "Toutes les publications", "Все публикации"),
    }
)
