"""The language in which a short text is written, where that can be told at all."""

import re
from collections.abc import Collection

#: Words that only their language has, among the six official languages of the United Nations that use Latin
#: letters, and German.
_TELLING = {
    "en": {"the", "of", "and", "for", "with", "by", "from", "is", "are", "to", "on", "at", "its", "their"},
    "fr": {"le", "les", "des", "du", "et", "aux", "pour", "dans", "une", "est", "sur", "par", "avec"},
    "es": {"el", "los", "las", "del", "y", "para", "una", "con", "por", "sobre"},
    "de": {"der", "die", "das", "und", "für", "mit", "zur", "zum", "ein", "eine", "von"},
}
_WORD = re.compile(r"[^\W\d_]+")
#: Letters of Russian that Ukrainian, Bulgarian and Serbian do not have, and theirs that Russian does not.
_RUSSIAN, _OTHER_CYRILLIC = re.compile("[ыэё]", re.IGNORECASE), re.compile("[іїєґўђјљњћџѓќѕ]", re.IGNORECASE)
_CYRILLIC, _ARABIC = re.compile("[\u0400-\u04ff]"), re.compile("[\u0600-\u06ff]")
_HAN, _KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]")
_BEYOND_ENGLISH = re.compile("[^\x00-\x7f\u2010-\u201f\u2026\u20ac\u00a0\u00a7\u00b0]")


def language_of(text: str, *, allowed: Collection[str], has_english: bool) -> str | None:
    """Tell the language of a text that has no language tag; None if that would be a guess.

    If a field allows one language, it is that one. Else words and letters decide that only one language has.
    If nothing decides, a text in plain Latin letters is the English one, which every thing must have, unless
    the field has an English text already (`has_english`).
    """
    if len(allowed) == 1:
        return next(iter(allowed))
    found = _by_letters(text) or _by_words(text)
    if found is None and not has_english and not _BEYOND_ENGLISH.search(text):
        found = "en" if not _any_telling(text) else None
    return found if not allowed or found in allowed else None


def likely_languages(text: str) -> tuple[str, ...]:
    """Give the languages of these pages that are written in the letters of a text."""
    if _CYRILLIC.search(text):
        return ("ru",)
    return () if _ARABIC.search(text) or _HAN.search(text) else ("en", "fr")


def _by_letters(text: str) -> str | None:
    if _CYRILLIC.search(text):
        return "ru" if _RUSSIAN.search(text) and not _OTHER_CYRILLIC.search(text) else None
    if _ARABIC.search(text):
        return "ar"
    return "zh" if _HAN.search(text) and not _KANA.search(text) else None


def _by_words(text: str) -> str | None:
    words = set(_WORD.findall(text.casefold()))
    scores = {language: len(words & telling) for language, telling in _TELLING.items()}
    best = max(scores, key=lambda each: scores[each])
    others = max(score for language, score in scores.items() if language != best)
    is_plain = best != "en" or not _BEYOND_ENGLISH.search(text)
    return best if scores[best] > 2 * others and is_plain else None


def _any_telling(text: str) -> bool:
    words = set(_WORD.findall(text.casefold()))
    return any(words & telling for telling in _TELLING.values()) or bool(
        _CYRILLIC.search(text) or _ARABIC.search(text) or _HAN.search(text)
    )
