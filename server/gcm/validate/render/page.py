"""A report as one HTML file that stands alone: no style, no script, nothing from elsewhere."""

from collections.abc import Iterable, Iterator
from html import escape

from gcm.validate.render.checked import Checked, rule_of, safe
from gcm.validate.render.sheet import Count, Line, Sheet, count_files, count_rules, sheets_of
from gcm.validate.report import Result

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Validation</title>
</head>
<body>
<main>
<h1>Validation</h1>
"""

_FOOT = "</main>\n</body>\n</html>\n"


def write_page(checked: Checked) -> str:
    """Write how many results there are of each rule and file, then each at its line."""
    report = checked.report
    verdict = "Nothing must be mended." if report.conforms else f"To be mended: {report.count('violation')}."
    sheets = sheets_of(checked, report.results, whole=0)
    parts = [
        f"<p>{verdict} Warnings: {report.count('warning')}.</p>\n",
        *_counts("Rules", count_rules(report)),
        *_counts("Files", count_files(checked)),
        *(piece for sheet in sheets for piece in _sheet(sheet)),
    ]
    return _HEAD + "".join(parts) + _FOOT


def _counts(title: str, counts: Iterable[Count]) -> Iterator[str]:
    rows = [
        f'<tr><th scope="row">{_text(each.name)}</th>'
        f"<td>{each.number}</td><td>{_text(each.message)}</td></tr>"
        for each in counts
    ]
    head = '<tr><th scope="col">Name</th><th scope="col">Results</th><th scope="col">The first</th></tr>'
    if rows:
        yield f"<table>\n<caption>{title}</caption>\n<thead>{head}</thead>\n<tbody>\n"
        yield "\n".join([*rows, "</tbody>\n</table>\n"])


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"<section>\n<h2>{_text(sheet.file)}</h2>\n"
    for line in sheet.lines:
        yield from _line(line)
    yield "</section>\n"


def _line(line: Line) -> Iterator[str]:
    if line.gap:
        yield f"<p>… {line.gap} lines …</p>\n"
    elif line.number is not None:
        yield f"<pre><code>{line.number}  {_text(line.text)}</code></pre>\n"
    if line.results:
        yield f"<ul>\n{''.join(_result(each) for each in line.results)}</ul>\n"


def _result(result: Result) -> str:
    more = [f"Expected: {result.expected}"] if result.expected else []
    more += [f"Did you mean {each.written} ({each.label})?" for each in result.candidates]
    more += [f"Fix: {result.fix.title}"] if result.fix else []
    said = "".join(f"<br>{_text(each)}" for each in more)
    head = f"<strong>{_text(result.severity)}</strong> <code>{_text(str(result.place))}</code>"
    return f"<li>{head} {_text(result.message)} <code>{_text(rule_of(result))}</code>{said}</li>\n"


def _text(text: str) -> str:
    return escape(safe(text))
