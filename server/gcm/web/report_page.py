"""A report for people: their own files with what is wrong at its lines, remedies, files to take away.

Nothing is stored, so each page carries the files (`gcm.web.carrying`) and every button sends them back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from flask import Response, render_template

from gcm.errors import QueryError
from gcm.given import Form, Given
from gcm.validate.mend import decoded, fixes_of, mend, workbooks_of
from gcm.validate.options import PROFILES
from gcm.validate.render import RENDERINGS, Checked
from gcm.validate.render.checked import rule_of
from gcm.validate.render.sheet import count_files, count_rules
from gcm.validate.report import Fix
from gcm.web.carrying import pack
from gcm.web.curators import current_curator, form_token, is_read_only
from gcm.web.findings import blocks_of
from gcm.web.fixes import count_applicable, read_fix
from gcm.web.knowledge import proposed_forms
from gcm.web.negotiate import HTML
from gcm.web.reading import language, page_number
from gcm.web.submission import Submission
from gcm.web.versions import site

#: Characters of a text that is put into a text area; longer ones are changed elsewhere.
EDITED_CHARACTERS = 200_000

Check = Callable[[Submission], Checked]


@dataclass(frozen=True)
class FormState:
    """What was chosen and typed in the form."""

    text: str = ""
    profile: str = "strict"
    syntax: str = ""
    kind: str = ""
    header: str = ""
    title: str = ""
    comment: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "FormState":
        """Take what the parameters hold."""
        named = {"kind": "as"}
        taken = {name: parameters.get(named.get(name, name), "") for name in cls.__dataclass_fields__}
        return replace(cls(**taken), profile=taken["profile"] or "strict")


@dataclass(frozen=True)
class Carried:
    """A file as the page has it: packed, and as text where that is short enough to be changed here."""

    name: str
    word: str
    text: str | None


@dataclass(frozen=True)
class Shown:
    """The part of the report that is on this page: of one rule or file, or of all."""

    page: int = 1
    rule: str = ""
    file: str = ""

    @classmethod
    def read(cls, written: str) -> "Shown":
        """Read what a button says."""
        found = dict(parse_qsl(written))
        return cls(page_number(found.get("page", "")), found.get("rule", ""), found.get("file", ""))

    def write(self, **changes: str | int) -> str:
        """Write what a button says, with changes."""
        return urlencode({name: value for name, value in {**vars(self), **changes}.items() if value})


def show_report(submission: Submission, check: Check) -> Response:
    """Do what the button says: mend, download, or show."""
    asked = submission.parameters
    submission, left = _mended(submission, check)
    if "download" in asked:
        return _download_file(submission.given, asked["download"])
    checked = check(submission)
    if "report" in asked:
        return _download_report(checked, asked["report"])
    return Response(_page(submission, checked, left), content_type=HTML.content_type)


def _mended(submission: Submission, check: Check) -> tuple[Submission, int]:
    """Carry out what was chosen, and count what could not be done beside the rest."""
    chosen = submission.parameters.get("fix", "")
    if not chosen or (submission.is_edited and chosen != "all"):  # it was made for another text
        return submission, 0
    files = {each.name: each for each in submission.given}
    mended = mend(
        _chosen(chosen, submission, check),
        lambda name: decoded(files[name]) if name in files else None,
        workbooks_of(submission.given),
    )
    given = tuple(mended.apply_to(each, limits=site().limits) for each in submission.given)
    return replace(submission, given=given), len(mended.left)


def _chosen(chosen: str, submission: Submission, check: Check) -> tuple[Fix, ...]:
    """Read which fixes a button asks for.

    Workbooks are opened here only after a check has opened them within its limits, and suggested the fix.
    """
    fix = read_fix(chosen) if chosen != "all" else None
    if fix is not None and not any(edit.cell for edit in fix.edits):
        return (fix,)
    suggested = fixes_of(check(submission).report)
    wanted = [each for each in suggested if fix is None or each.edits == fix.edits]
    if not wanted and fix is not None:
        raise QueryError("The fix is not for this file. Check the file anew.")
    return tuple(wanted)


def _page(submission: Submission, checked: Checked, left: int) -> str:
    shown = Shown.read(submission.parameters.get("show", ""))
    results = [
        each
        for each in checked.report.results
        if shown.rule in ("", rule_of(each)) and shown.file in ("", each.place.file)
    ]
    size = int(site().limits.shown_results)
    pages = max(1, -(-len(results) // size))
    shown = replace(shown, page=min(shown.page, pages))
    part = results[(shown.page - 1) * size : shown.page * size]
    facts = {
        "report": checked.report,
        "rules": count_rules(checked.report),
        "files": count_files(checked),
        "sheets": blocks_of(checked, part),
        "pages": pages,
        "found": len(results),
        "shown": shown,
        "carried": [_carry(each) for each in submission.given],
        "fixable": count_applicable(checked),
        "left": left,
        "has_table": any(each.form.is_table for each in submission.given),
        "forms": [each for each in RENDERINGS if each != "text"],
        "is_edited": submission.is_edited and bool(submission.parameters.get("fix")),
        "state": FormState.of(submission.parameters),
    }
    who = {"curator": current_curator(), "form_token": form_token(), "is_read_only": is_read_only()}
    return render_template("validated.html", **facts, **who, **choices())


def choices() -> Mapping[str, object]:
    """Give what can be chosen in the form, and the size of what can be sent."""
    return {
        "syntaxes": [(each.name.replace("_", " "), each.value) for each in Form if not each.is_table],
        "profiles": [*PROFILES],
        "kinds": sorted((each.label(language()), each.name) for each in proposed_forms()),
        "size": f"{site().limits.upload_bytes / 1_048_576:.0f} MiB",
    }


def _carry(given: Given) -> Carried:
    text = decoded(given)
    return Carried(given.name, pack(given), text if text and len(text) <= EDITED_CHARACTERS else None)


def _download_file(given: Sequence[Given], name: str) -> Response:
    for each in given:
        if each.name == name:
            return _attachment(each.data, name, each.form.value)
    raise QueryError("There is no file of that name on the page. Check the file anew.")


def _download_report(checked: Checked, form: str) -> Response:
    if form not in RENDERINGS:
        raise QueryError(f"There is no report of that form. Take one of: {', '.join(RENDERINGS)}.")
    rendering = RENDERINGS[form]
    return _attachment(rendering.write(checked).encode(), f"report.{rendering.suffix}", rendering.media_type)


def _attachment(data: bytes, name: str, media_type: str) -> Response:
    """Send a file to be saved under its name (RFC 6266 section 4.3, RFC 8187)."""
    content_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    plain = quote(name.replace("\\", "/").rpartition("/")[2], safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{plain}"}
    return Response(data, content_type=content_type, headers=headers)
