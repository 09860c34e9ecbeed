"""Ways to check files from elsewhere: commands, a hook, a pipeline. Tests run each as it is written here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A command for a shell in a folder with `my.ttl`; `{host}` stands for the address of this server."""

    title: str
    command: str

    def at(self, host: str) -> str:
        """Give the command for one server."""
        return self.command.replace("{host}", host)


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address, or a part of the form, and what it means."""

    name: str
    meaning: str


EXAMPLES = (
    Example(
        "A file as the body; the report is JSON",
        "curl -s {host}/validate -H 'Content-Type: text/turtle' --data-binary @my.ttl",
    ),
    Example(
        "The report as text, as the command line writes it",
        "curl -s '{host}/validate?format=text' -H 'Content-Type: text/turtle' --data-binary @my.ttl",
    ),
    Example(
        "Several files at once, as a draft; the report is the standard one of SHACL",
        "curl -s '{host}/validate?format=turtle' -F profile=draft -F file=@my.ttl -F file=@my.ttl",
    ),
    Example(
        "From standard input, with a name for messages; the report is SARIF",
        "cat my.ttl | curl -s '{host}/validate?format=sarif&name=data/my.ttl' --data-binary @- "
        "-H 'Content-Type: text/turtle'",
    ),
    Example(
        "Stop a script where something must be mended",
        "curl -s {host}/validate -H 'Content-Type: text/turtle' --data-binary @my.ttl "
        "| python3 -c 'import json, sys; sys.exit(not json.load(sys.stdin)[\"conforms\"])'",
    ),
)

PARAMETERS = (
    Parameter("format", "The form of the report, in place of Accept: a name or a media type."),
    Parameter("profile", "“strict” (the default) or “draft”, in which what is missing is a warning."),
    Parameter("shape", "Only results of this shape or check; may be repeated."),
    Parameter("node", "Only results about this thing, by its IRI; may be repeated."),
    Parameter("name", "What the file is called in the report, for a body that is one file."),
    Parameter("as", "What the rows of a table are, by the name of its template, such as “pledge”."),
    Parameter("header", "The header of the dataset, in Turtle, for a table that brings none."),
    Parameter("file", "A part of multipart/form-data with a file name; may be repeated."),
    Parameter("text", "A part with text in place of a file; its media type is in the part “syntax”."),
)

#: For a repository of data that uses pre-commit; the hook needs nothing but the package.
HOOK = """\
# .pre-commit-config.yaml
repos:
  - repo: local
    hooks:
      - id: gcm-validate
        name: gcm validate
        language: python
        additional_dependencies: [gcm-knowledge-graph]
        entry: gcm validate
        files: \\.(ttl|trig|nt|nq|rdf|jsonld)$
        require_serial: true
"""

#: For GitHub Actions; others run the two commands and read SARIF or, with --format junit, JUnit XML.
WORKFLOW = """\
# .github/workflows/validate.yml
on: [push, pull_request]
jobs:
  validate:
    runs-on: ubuntu-latest
    permissions: {contents: read, security-events: write}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install gcm-knowledge-graph
      - run: gcm validate --format sarif *.ttl > gcm.sarif
      - if: always()
        uses: github/codeql-action/upload-sarif@v3
        with: {sarif_file: gcm.sarif}
"""
