"""The findings of a submission: all rules on what it says and on what it touches, nothing twice."""

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store, Triple

from gcm.validate.checks import Check, run_check
from gcm.validate.context import Context, Rules
from gcm.validate.cut import cut_out
from gcm.validate.finding import Finding, Term
from gcm.validate.options import Progress
from gcm.validate.overlay import Overlay, View, is_node
from gcm.validate.ways import follow
from gcm.vocab import ONTOLOGY, PREFIXES, SHAPES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_SOMETHING, _ANYTHING = NamedNode("urn:x-gcm:something"), NamedNode(PREFIXES["owl"] + "Thing")
_OWN_GRAPHS = frozenset({ONTOLOGY, SHAPES})


def find_all(view: View, rules: Rules, *, progress: Progress) -> list[Finding]:
    """Check a whole graph, without anything around it."""
    from gcm.validate.shacl import find_faults  # not above: see _shacl_in_cut

    data = [each.triple for each in view.all() if each.graph_name != SHAPES]
    found = find_faults(data, rules.shapes, folder=rules.folder, progress=progress)
    return _run_checks(rules.checks, view.store) + found


class Engine:
    """One submission in the graph around it: `nodes` are those that it speaks of, or no longer does."""

    def __init__(
        self,
        quads: Iterable[Quad],
        context: Context,
        *,
        rules: Rules,
        progress: Progress,
        only_changes: bool = False,
    ) -> None:
        """Take the statements of the submission; `rules` are those of the graph and its own.

        With `only_changes`, `nodes` are those of which it says something else than its datasets did.
        """
        self._rules = rules
        self._progress = progress
        self._overlay = Overlay(context.store, quads)
        added = self._overlay.after.added
        assert added is not None  # an overlay always has it
        self._has_rules = not _OWN_GRAPHS.isdisjoint(added.graphs)
        self._removed = self._overlay.removed()
        self._only_changes = only_changes and not self._has_rules  # a changed rule concerns everything
        spoken_of = self._overlay.changed() if self._only_changes else frozenset(added.about)
        self.nodes = spoken_of | self._removed

    def find(self, nodes: Collection[str] = ()) -> list[Finding]:
        """Find all faults of what the submission speaks of, and those that it brings elsewhere.

        With `nodes`, which are IRIs, the shapes look at no others.
        """
        return self.run_checks() + self.run_shapes(frozenset(nodes))

    @property
    def view(self) -> View:
        """The graph as the submission makes it."""
        return self._overlay.after

    def describes(self, node: Term) -> bool:
        """Tell whether anything is said about a node."""
        return bool(self._overlay.after.about(node))

    def run_shapes(self, wanted: frozenset[str] = frozenset()) -> list[Finding]:
        """Apply the shapes to what the submission speaks of, and to what elsewhere has it as a value."""
        findings = self._shacl_in_cut(wanted, with_all_references=False)
        if any(each.focus not in self.nodes for each in findings):
            findings = self._shacl_in_cut(wanted, with_all_references=True)
        return findings

    def _shacl_in_cut(self, wanted: frozenset[str], *, with_all_references: bool) -> list[Finding]:
        # Not above: pyshacl and rdflib take a second and 20 MB, and a server process never runs them itself.
        from gcm.validate.shacl import find_faults

        cut = cut_out(self._overlay.after, self.nodes, with_all_references=with_all_references)
        found = find_faults(
            [*self._rules.ontology, *cut.triples],
            self._rules.shapes,
            folder=self._rules.folder,
            nodes=_among(cut.nodes, wanted) if wanted else cut.nodes,
            progress=self._progress,
        )
        return [each for each in found if each.focus in self.nodes or each.value in self.nodes]

    def run_checks(self) -> list[Finding]:
        """Run the checks; of faults in other nodes keep those that the submission brings.

        One that is there before and also without what the submission replaces is not its fault; nor is one
        that is there before, if only changes are looked at.
        """
        near = self._near()
        findings = _run_checks(self._rules.checks, self._store(self._overlay.after, near))
        elsewhere = {each.source for each in findings if each.focus not in self.nodes}
        if not elsewhere:
            return findings
        checks = [each for each in self._rules.checks if each.name in elsewhere]
        old = self._findings_in(self._overlay.before, near, checks)
        if self._overlay.rest is not self._overlay.before and not self._only_changes:
            old &= self._findings_in(self._overlay.rest, near, checks)
        return [each for each in findings if each.focus in self.nodes or each not in old]

    def _findings_in(self, view: View, near: frozenset[Term], checks: Iterable[Check]) -> set[Finding]:
        return set(_run_checks(checks, self._store(view, near)))

    def _near(self) -> frozenset[Term]:
        """Collect the nodes that decide what the checks say: those touched, their values, those on a way."""
        view = self._overlay.both
        ways = {way for check in self._rules.checks for way in check.around}
        near = set(self.nodes).union(each.object for node in self.nodes for each in view.about(node))
        for way in ways:
            near |= follow(way, self.nodes, view)
        for node in self._removed:
            if not self.describes(node):
                near.update(each.subject for each in view.references(node))
        return frozenset(each for each in near if is_node(each))

    def _store(self, view: View, near: frozenset[Term]) -> Store:
        """Put what is said about the near nodes into a store, and the ontology, which declares the terms.

        A change of the ontology itself or of the shapes concerns everything.
        """
        store = Store()
        if self._has_rules:
            store.bulk_extend(view.all())
            return store
        store.bulk_extend(view.of_graph(ONTOLOGY))
        store.bulk_extend(quad for node in near for quad in view.about(node))
        store.bulk_extend(_contents(self.nodes, view))
        return store


def _among(nodes: frozenset[Term], wanted: frozenset[str]) -> frozenset[Term]:
    return frozenset(each for each in nodes if isinstance(each, NamedNode) and each.value in wanted)


def _contents(nodes: Iterable[Term], view: View) -> Iterator[Quad]:
    """Say of each dataset among the nodes that it is not empty, if it is not.

    One thing, which no rule is about, stands for all: those themselves are near in one state of the graph and
    not in another, and would seem to change.
    """
    for node in nodes:
        if isinstance(node, NamedNode):
            things = (each for each in view.of_graph(node) if each.predicate == _TYPE)
            if any(each.subject != node for each in things):
                yield Quad(_SOMETHING, _TYPE, _ANYTHING, node)


def _run_checks(checks: Iterable[Check], store: Store) -> list[Finding]:
    return [finding for check in checks for finding in run_check(store, check)]


def rules_with(quads: Iterable[Quad], rules: Rules) -> Rules:
    """Add what a submission says about terms and shapes to the rules of the graph, if it does."""
    added: dict[NamedNode, list[Triple]] = {ONTOLOGY: [], SHAPES: []}
    for each in quads:
        if isinstance(each.graph_name, NamedNode) and each.graph_name in added:
            added[each.graph_name].append(each.triple)
    if not any(added.values()):
        return rules
    return Rules(
        ontology=(*rules.ontology, *added[ONTOLOGY]),
        shapes=(*rules.shapes, *added[SHAPES]),
        checks=rules.checks,
        folder=rules.folder,
    )
