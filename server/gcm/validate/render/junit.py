"""A report as JUnit XML, the form in which most systems for continuous integration show tests."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from gcm.validate.render.checked import Checked, rule_of
from gcm.validate.report import Report, Result

#: What XML 1.0 section 2.2 cannot hold, not even escaped.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(checked: Checked) -> str:
    """Write a suite for each file and a case for each result; only violations fail.

    A file without results is one case that passes.
    """
    root = ElementTree.Element("testsuites", name="gcm validate")
    for file, results in checked.by_file.items():
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(file))
        _count(suite, results)
        for result in results:
            _add_case(suite, result)
        if not results:
            ElementTree.SubElement(suite, "testcase", classname=_xml(file), name="conforms", time="0")
    _count(root, checked.report.results, more=sum(not results for results in checked.by_file.values()))
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}\n'


def _count(element: ElementTree.Element, results: Sequence[Result], *, more: int | None = None) -> None:
    """Say how many cases there are, and how many fail; `more` are those of files without results."""
    passing = more if more is not None else int(not results)
    failures = Report(tuple(results)).count("violation")
    counts = {"tests": len(results) + passing, "failures": failures, "errors": 0, "time": 0}
    for name, number in counts.items():
        element.set(name, str(number))


def _add_case(suite: ElementTree.Element, result: Result) -> None:
    name = f"{result.place}: {rule_of(result)}"
    case = ElementTree.SubElement(
        suite, "testcase", classname=_xml(rule_of(result)), name=_xml(name), file=_xml(result.place.file)
    )
    case.set("time", "0")
    if result.line:
        case.set("line", str(result.line))
    if result.severity == "violation":
        failure = ElementTree.SubElement(case, "failure", type=result.severity, message=_xml(result.message))
        failure.text = _xml(_details(result))
    else:
        ElementTree.SubElement(case, "system-out").text = _xml(f"{result.severity}: {_details(result)}")


def _details(result: Result) -> str:
    lines = [f"{result.place}: {result.message}"]
    lines += [f"expected: {result.expected}"] if result.expected else []
    lines += [f"did you mean: {each.written} ({each.label})" for each in result.candidates]
    lines += [f"fix: {result.fix.title}"] if result.fix else []
    return "\n".join(lines)


def _xml(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
