"""What a browser would send of a form that it was given."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse


class Inputs(HTMLParser):
    """What a browser would send: the names and values of all inputs, what is checked, selected or written."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.described: list[str] = []
        self.tags: list[str] = []
        self._select = self._area = ""
        self._words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an input, or the beginning of one."""
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.described += found.get("aria-describedby", "").split()
        if tag == "label":
            self.labels.add(found.get("for", ""))
        elif tag == "input" and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
            self.values.append((found["name"], found.get("value", "")))
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and "selected" in found:
            self.values.append((self._select, found["value"]))
        elif tag == "textarea":
            self._area, self._words = found["name"], ""

    def handle_data(self, data: str) -> None:
        """Note what is written in a text area."""
        self._words += data if self._area else ""

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a text area; its first line break is not part of it (HTML standard 13.1.2.5)."""
        if tag == "textarea":
            self.values.append((self._area, self._words.removeprefix("\n")))
            self._area = ""


def form_in(response: TestResponse) -> Inputs:
    """Read the form of a page on which something is proposed."""
    text = response.get_data(as_text=True)
    return Inputs(text.partition('<form class="proposal"')[2])


def typed_in(response: TestResponse) -> dict[str, str | list[str]]:
    """Give what is sent if nothing is touched, as the client of tests takes it."""
    found: dict[str, list[str]] = {}
    for name, value in form_in(response).values:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
