"""How far two spellings are apart."""


def distance(first: str, second: str, *, most: int) -> int:
    """Count the letters to add, drop, change or exchange to make the other word: at most `most` + 1."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and other == first[i - 2]:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def is_slip(text: str, name: str) -> bool:
    """Tell whether a text is a name with a slip or, if it is long, two: never in the first letter."""
    slips = 0 if len(text) < 6 else 1 if len(text) < 9 else 2
    return text[:1] == name[:1] and 0 < distance(text, name, most=slips) <= slips


def allowed_slips(word: str) -> int:
    """Say how many slips still leave a word recognizable: none in a short code, three in a long word."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 12 else 3
