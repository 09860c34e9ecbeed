"""The pages: what they show of the world, and rules that hold for all of them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from gcm.limits import Limits
from gcm.query import questions
from gcm.web.form_texts import FORM_TEXTS
from gcm.web.proposal_texts import PROPOSAL_TEXTS
from gcm.web.questions import bound_text, read_term
from gcm.web.sentences import SENTENCES
from gcm.web.texts import LANGUAGES, TEXTS
from gcm.web.validation_texts import VALIDATION
from gcm.web.worklist_texts import WORKLIST_TEXTS
from pyoxigraph import Literal, NamedNode

HTML = {"Accept": "text/html"}

#: Elements without an end (HTML standard, section 13.1.2).
VOID = {"meta", "link", "input", "br", "img", "hr"}

#: One page of each kind; the rules below hold for each.
PAGES = (
    "/",
    "/questions",
    "/questions/pledges",
    "/questions/vote-of-a-state?place=place:ZZA",
    "/limits",
    "/propose",
    "/propose/pledge",
    "/propose/pledge?edit=/id/pledge/901",
    "/worklist",
    "/worklist/labels-missing?class=gcm:Objective",
    "/search",
    "/search?q=example",
    "/search?q=%3Cscript%3E%22",
    "/sparql",
    "/sparql?query=SELECT+*+WHERE+%7B+%3Fpledge+a+gcm:Pledge+%7D",
    "/sparql?query=SELECT+nonsense",
    "/data",
    "/data/world-places",
    "/ontology",
    "/ontology/Pledge",
    "/shapes",
    "/shapes/Pledge",
    "/history",
    "/history/id/place/ZZA",
    "/proposals",
    "/doc/place/ZZA",
    "/doc/place/ZZX",
    "/doc/objective/7",
    "/doc/figure/901",
    "/doc/place/ZZA?lang=ru",
    "/doc/place/ZZZ",
)


class Page(HTMLParser):
    """A page as its elements: name and attributes in order, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an end that is not where it should be."""
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def all(self, *tags: str) -> list[dict[str, str]]:
        """Give the attributes of the elements with these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]

    def links(self) -> Iterator[str]:
        """Give every address that the page links to."""
        yield from (each["href"] for each in self.all("a", "link") if "href" in each)


def page_of(client: FlaskClient, path: str) -> Page:
    return Page(text_of(client, path))


def text_of(client: FlaskClient, path: str) -> str:
    return client.get(path, headers=HTML).get_data(as_text=True)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed(client: FlaskClient, path: str) -> None:
    page = page_of(client, path)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert (page.misplaced, page.open) == ([], [])
    assert sorted(set(ids)) == sorted(ids)
    assert [len(page.all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_script_or_style_of_its_own(client: FlaskClient, path: str) -> None:
    page = page_of(client, path)
    names = {name for _, attributes in page.elements for name in attributes}
    assert page.all("style") == []
    assert [script for script in page.all("script") if not script.get("src")] == []
    assert [name for name in names if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_other_hosts(client: FlaskClient, path: str) -> None:
    page = page_of(client, path)
    loaded = [each.get("src", "") for each in page.all("script", "img", "iframe")]
    loaded += [each["href"] for each in page.all("link") if each["rel"] in ("stylesheet", "icon")]
    assert loaded
    assert [urlsplit(address).netloc for address in loaded if urlsplit(address).netloc] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_aloud_and_worked_by_keyboard(client: FlaskClient, path: str) -> None:
    page = page_of(client, path)
    fields = [each for each in page.all("input", "select", "textarea") if each.get("type") != "hidden"]
    labels = {each["for"] for each in page.all("label")}
    assert page.all("html")[0]["lang"] in LANGUAGES
    assert [field for field in fields if field.get("id") not in labels] == []
    assert [head for head in page.all("th") if head.get("scope") not in ("col", "row")] == []
    assert len(page.all("caption")) == len(page.all("table"))
    assert [each for each in page.all("nav") if not each.get("aria-label")] == []
    assert [each for each in page.all("pre") if each.get("tabindex") != "0"] == []
    scrolled = [each for each in page.all("div") if "scroll" in each.get("class", "").split()]
    assert [each for each in scrolled if each.get("tabindex") != "0"] == []
    assert "#content" in page.links()


@pytest.mark.parametrize("path", PAGES)
def test_links_within_a_page_lead_somewhere(client: FlaskClient, path: str) -> None:
    page = page_of(client, path)
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert [link for link in page.links() if link.startswith("#") and link[1:] not in ids] == []


@pytest.mark.server
def test_every_link_on_every_page_answers(client: FlaskClient) -> None:
    """Walk the whole site; queries are left out, they have tests of their own."""
    broken, seen, waiting = [], {"/"}, ["/"]
    while waiting:
        path = waiting.pop()
        answer = client.get(path, headers=HTML, buffered=True)
        if answer.status_code not in (200, 303):
            broken.append((answer.status_code, path))
        if answer.mimetype == "text/html" and answer.status_code == 200:
            for link in Page(answer.get_data(as_text=True)).links():
                target = urldefrag(urljoin(path, link))[0]
                if (
                    target.startswith("/")
                    and not target.startswith("/sparql")
                    and "lang=" not in target
                    and target not in seen
                ):
                    seen.add(target)
                    waiting.append(target)
    assert broken == []
    assert len(seen) > 200


def test_who_says_so_stands_beside_a_statement(client: FlaskClient) -> None:
    page = text_of(client, "/doc/pledge/901")
    _, _, row = (
        page.partition('title="Count examples better"')
        if 'title="Count' in page
        else page.partition(">9001<")
    )
    source = row[: row.index("</dd>")]
    assert 'href="/data/world-commitments"' in source
    assert 'href="/doc/passage/905.1"' in source
    assert ">row 1<" in source
    assert 'href="/doc/document/905"' in source
    assert 'href="https://example.org/register"' in source


def test_a_name_in_another_language_says_so(client: FlaskClient) -> None:
    page = text_of(client, "/doc/pledge/901?lang=ru")
    assert '<span lang="en" dir="auto">Count examples better</span> <span class="tag"' in page
    assert '<span class="tag"' not in text_of(client, "/doc/pledge/901").partition("</h1>")[0]


def test_a_date_is_marked_as_one(client: FlaskClient) -> None:
    assert '<time datetime="2022-05-19">2022-05-19</time>' in text_of(client, "/doc/pledge/901")


def test_what_is_written_in_the_data_cannot_break_a_page(client: FlaskClient) -> None:
    page = text_of(client, "/search?q=%3Cscript%3E%22")
    assert "<script>" not in page
    assert "&lt;script&gt;&#34;" in page


@pytest.mark.parametrize(
    "term",
    [
        '"<script>alert(1)</script>"',
        '"<script>"@en',
        '"<script>"^^<http://www.w3.org/2001/XMLSchema#date>',  # ill-typed, shown as a date
        '"<script>"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ],
)
def test_a_value_is_shown_as_text_whatever_it_holds(client: FlaskClient, term: str) -> None:
    query = f"SELECT ?x WHERE {{ VALUES ?x {{ {term} }} }}"
    page = client.get("/sparql", query_string={"query": query}, headers=HTML).get_data(as_text=True)
    cell = page.partition("<td>")[2].partition("</td>")[0]
    assert "&lt;script&gt;" in cell
    assert "<script>" not in cell


@pytest.mark.parametrize(
    "path",
    [
        "/doc/place/ZZX",  # the place itself
        "/doc/network/ZZX",  # what is named after it
        "/doc/region/UNECE",  # or only links to it
        "/search?q=noteland",
        "/questions/country-networks",
    ],
)
def test_a_designation_note_ends_every_page_that_uses_the_name(client: FlaskClient, path: str) -> None:
    page = text_of(client, path)
    assert "Noteland" in page
    assert '<sup class="mark">*</sup>' in page
    assert page.count('id="designation"') == 1


def test_other_pages_have_no_designation_note(client: FlaskClient) -> None:
    assert 'id="designation"' not in text_of(client, "/doc/pledge/901")


def test_a_class_says_how_many_are_known_and_reported(client: FlaskClient) -> None:
    page = text_of(client, "/ontology/Pledge")
    assert "3 known" in page
    box = page.partition('<div class="figure">')[2].partition("</div>")[0]
    assert "known of" in box
    assert "reported" in box
    assert 'href="/data/world-reviews"' in box  # and who says so


def test_a_figure_stands_beside_what_the_graph_knows(client: FlaskClient) -> None:
    box = text_of(client, "/doc/figure/901").partition('<p class="figure">')[2].partition("</p>")[0]
    assert "known of" in box
    assert "reported" in box


def test_long_lists_have_pages(client: FlaskClient) -> None:
    page = page_of(client, "/ontology/Pledge")
    (following, *_) = [each["href"] for each in page.all("a") if each.get("rel") == "next"]
    assert "page=2" in following
    second = page_of(client, following)
    assert [each for each in second.all("a") if each.get("rel") == "prev"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("1", 1), ("2", 2), ("9", 2), ("0", 1), ("-1", 1), ("x", 1), ("٢", 1), ("9" * 5000, 1), ("", 1)],
    ids=lambda value: str(value)[:9],
)
def test_a_page_number_that_is_none_shows_the_first_or_the_last(
    client: FlaskClient, asked: str, shown: int
) -> None:
    answer = client.get("/ontology/Pledge", query_string={"in": "rdf:type", "page": asked}, headers=HTML)
    assert answer.status_code == 200
    assert f"Page {shown} of 2" in answer.get_data(as_text=True)


def test_home_counts_the_graph(client: FlaskClient) -> None:
    page = text_of(client, "/")
    assert f"<strong>{len(questions())}</strong>" in page
    assert '<a href="/ontology/Pledge"><strong>3</strong>' in page


def test_the_shape_for_a_class_of_others_lists_its_things(client: FlaskClient) -> None:
    assert '<a href="/shapes/Target"><strong>' in text_of(client, "/")
    assert 'href="/doc/sdg/10.c"' in text_of(client, "/shapes/Target").partition(" known</span>")[2]


def test_limits_are_listed_as_in_force(client: FlaskClient) -> None:
    page = text_of(client, "/limits")
    row = page.partition("<code>page_links</code>")[2].partition("</tr>")[0]
    assert '<td class="number">2</td><td class="number">25</td>' in row
    assert "GCM_PAGE_LINKS" in row
    assert [name for name in Limits.__dataclass_fields__ if f"<code>{name}</code>" not in page] == []


@pytest.mark.parametrize("query", questions(), ids=lambda query: query.name)
def test_every_question_has_a_page_and_a_file(client: FlaskClient, query: object) -> None:
    name = getattr(query, "name")  # noqa: B009
    assert client.get(f"/questions/{name}", headers=HTML).status_code == 200
    table = client.get(f"/questions/{name}.csv")
    assert (table.status_code, table.mimetype) == (200, "text/csv")


def test_a_question_is_asked_with_its_parameter(client: FlaskClient) -> None:
    every = client.get("/questions/vote-of-a-state.csv").data.splitlines()
    one = client.get("/questions/vote-of-a-state.csv?place=place:ZZA").data.splitlines()
    free = client.get("/questions/vote-of-a-state.csv?place=").data.splitlines()
    assert (len(every), len(one), free) == (4, 2, every)


def test_a_question_offers_its_values_and_keeps_the_one_chosen(client: FlaskClient) -> None:
    page = text_of(client, "/questions/vote-of-a-state?choice=gcm:InFavour")
    assert '<option value="gcm:InFavour" selected>' in page
    assert '<option value="gcm:Against">' in page
    assert "/questions/vote-of-a-state.csv?choice=gcm%3AInFavour" in page


def test_an_answer_that_is_cut_says_so(
    world_app: object, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = getattr(world_app, "extensions")["gcm"]  # noqa: B009
    monkeypatch.setattr(site, "limits", Limits(page_links=2, shown_rows=1))
    page = text_of(client, "/questions/vote-of-a-state?choice=gcm:InFavour&lang=fr")
    assert "Seules les 1 premières lignes sont montrées ici (limite <code>shown_rows</code>)" in page
    assert page.count("<tr>") == 2


def test_an_unknown_question_is_404(client: FlaskClient) -> None:
    assert client.get("/questions/nothing", headers=HTML).status_code == 404


def test_an_unknown_form_of_a_question_is_406(client: FlaskClient) -> None:
    assert client.get("/questions/pledges.exe", headers=HTML).status_code == 406


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("place:ZZA", NamedNode("https://w3id.org/gcm/id/place/ZZA")),
        (" https://w3id.org/gcm/id/place/ZZA ", NamedNode("https://w3id.org/gcm/id/place/ZZA")),
        ("2024", Literal("2024")),
        ("https://not an iri", Literal("https://not an iri")),
        ("nobody:x", Literal("nobody:x")),
        ('" } DROP', Literal('" } DROP')),
    ],
)
def test_read_term(text: str, term: object) -> None:
    assert read_term(text) == term


@pytest.mark.parametrize("text", ["place:ZZA", '" } ; DROP ALL #', "a\nb\\"])
def test_no_parameter_changes_the_structure_of_a_query(client: FlaskClient, text: str) -> None:
    query = next(each for each in questions() if each.name == "vote-of-a-state")
    changed = bound_text(query, {"place": read_term(text)})
    answer = client.get("/sparql", query_string={"query": changed}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert len(answer.data.splitlines()) == (2 if text == "place:ZZA" else 1)


@pytest.mark.parametrize("comment", ["", "%23%E2%80%A8%C2%85"])  # separators that end no line of SPARQL
def test_a_wrong_query_is_shown_where_it_is_wrong(client: FlaskClient, comment: str) -> None:
    page = text_of(client, f"/sparql?query=SELECT+*{comment}%0AWHERE+%7B+%3Fs+%3Fp+%7D")
    excerpt = page.partition('role="alert"')[2].partition("</pre>")[0]
    line, _, caret = excerpt.partition("<code>")[2].partition("\n")
    assert "WHERE { ?s ?p }" in line
    assert '<strong class="caret">^</strong>' in caret


def test_texts_are_there_in_every_language() -> None:
    tables = (TEXTS, SENTENCES, VALIDATION, PROPOSAL_TEXTS, WORKLIST_TEXTS, FORM_TEXTS)
    rows = {key: row for table in tables for key, row in table.items()}
    assert [key for key, row in rows.items() if len(row) != len(LANGUAGES) or not all(row)] == []
    assert len(rows) == sum(map(len, tables)), "a key stands in two places"


@pytest.mark.parametrize("key", [*SENTENCES, *VALIDATION, *PROPOSAL_TEXTS, *WORKLIST_TEXTS, *FORM_TEXTS])
def test_a_sentence_has_the_same_parts_in_every_language(key: str) -> None:
    row = {**SENTENCES, **VALIDATION, **PROPOSAL_TEXTS, **WORKLIST_TEXTS, **FORM_TEXTS}[key]
    parts = {tuple(sorted(re.findall(r"{(\w+)}", sentence))) for sentence in row}
    assert len(parts) == 1


def test_every_group_of_questions_has_a_name_in_every_language(client: FlaskClient) -> None:
    assert {f"group.{each.group}" for each in questions()} <= TEXTS.keys()
    assert "<h2>Финансирование</h2>" in text_of(client, "/questions?lang=ru")


@pytest.mark.parametrize(("language", "start"), [("fr", "Comment le Pacte"), ("ru", "Как осуществляется")])
def test_home_is_in_the_language_of_its_reader(client: FlaskClient, language: str, start: str) -> None:
    page = text_of(client, f"/?lang={language}")
    assert f'<p class="lead">{start}' in page
    assert 'lang="en"' not in page.partition('<div class="ways"')[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("iri", "link"),
    [
        ("https://example.org/x", 'href="https://example.org/x" rel="external noopener"'),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
    ],
)
def test_an_iri_that_would_run_a_script_is_no_link(client: FlaskClient, iri: str, link: str | None) -> None:
    query = f"SELECT (<{iri}> AS ?x) WHERE {{}}"
    page = client.get("/sparql", query_string={"query": query}, headers=HTML).get_data(as_text=True)
    cell = page.partition("<td>")[2].partition("</td>")[0]
    assert iri in cell
    assert (link in cell) if link else ("<a" not in cell)
