"""The fields of every class, read from the shapes and the ontology."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gcm.fields.field import Field, FormShape, kind_of, local_name
from gcm.fields.statements import SUBCLASS, TYPE, Node, Statements
from gcm.vocab import PREFIXES, TERM

_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_COMMENT = NamedNode(PREFIXES["rdfs"] + "comment")
_RDFS_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_KIND_IN_ADDRESS = NamedNode(TERM + "kindInAddress")
_ONTOLOGY = NamedNode(PREFIXES["owl"] + "Ontology")
_CLASS = NamedNode(PREFIXES["owl"] + "Class")
_PROPERTIES = tuple(
    NamedNode(PREFIXES["owl"] + each) for each in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)


def _sh(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sh"] + name)


class Fields:
    """What the ontology and the shapes let people say."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Take the statements of the ontology and of the shapes."""
        self._graph = Statements(triples)
        self._forms: dict[NamedNode, FormShape | None] = {}

    def form(self, cls: NamedNode) -> FormShape | None:
        """Give a class as a form; None if no shape is about it."""
        if cls not in self._forms:
            self._forms[cls] = self._read_form(cls)
        return self._forms[cls]

    @cached_property
    def forms(self) -> Mapping[str, FormShape]:
        """All forms by their names: of each class of things that a shape is about."""
        things = sorted(self._shapes, key=lambda each: each.value)
        found = [form for each in things if (form := self.form(each)) is not None and self.has_own(each)]
        return {form.name: form for form in found}

    def has_own(self, cls: NamedNode) -> bool:
        """Whether the form of a class is one of `forms`: a shape is called after it, and has fields."""
        form = self.form(cls) if cls != _ONTOLOGY else None
        is_own = any(local_name(shape) == local_name(cls) for shape in self._shapes.get(cls, ()))
        return is_own and form is not None and bool(form.fields)

    def named(self, name: str) -> FormShape | None:
        """Find a form by its name (`voluntary-report`), or by a kind in addresses that is its alone."""
        of_kind = [each for each in self.forms.values() if each.kind == name]
        return self.forms.get(name) or (of_kind[0] if len(of_kind) == 1 else None)

    def field(self, shape: NamedNode) -> Field | None:
        """Give what one property shape says, by itself; None if it is none."""
        return self._read_field(shape) if self._graph.iris(shape, _sh("path")) else None

    def fields_of(self, predicate: NamedNode) -> tuple[Field, ...]:
        """Give the fields of all forms that hold this property."""
        return tuple(each for form in self.forms.values() for each in form.fields if each.path == predicate)

    def superclasses(self, cls: NamedNode) -> tuple[NamedNode, ...]:
        """Give a class and all above it, the nearest first."""
        return tuple(self._closure(cls, lambda each: self._graph.iris(each, SUBCLASS)))

    def subclasses(self, cls: NamedNode) -> tuple[NamedNode, ...]:
        """Give a class and all below it, the nearest first."""
        return tuple(self._closure(cls, self._directly_below))

    @cached_property
    def properties(self) -> Mapping[NamedNode, Mapping[str, str]]:
        """All properties that may be used, with their names by language: declared, or in a shape."""
        declared = [node for kind in _PROPERTIES for node in self._graph.subjects(TYPE, kind)]
        in_shapes = [path for node in self._graph for path in self._graph.iris(node, _sh("path"))]
        return {
            each: self._graph.texts(each, _LABEL)
            for each in dict.fromkeys([*declared, *in_shapes])
            if isinstance(each, NamedNode)
        }

    @cached_property
    def classes(self) -> Mapping[NamedNode, Mapping[str, str]]:
        """All classes that are declared or that a shape is about, with their names by language."""
        declared = [each for each in self._graph.subjects(TYPE, _CLASS) if isinstance(each, NamedNode)]
        return {each: self._graph.texts(each, _LABEL) for each in dict.fromkeys([*declared, *self._shapes])}

    def choices(self, cls: NamedNode) -> tuple[NamedNode, ...]:
        """Give the members of a class that the ontology itself names: they are a closed list."""
        members = {
            node
            for each in self.subclasses(cls)
            for node in self._graph.subjects(TYPE, each)
            if isinstance(node, NamedNode)
        }
        return tuple(sorted(members, key=lambda each: each.value))

    def label(self, iri: NamedNode, language: str = "en") -> str:
        """Give the name of a term of the ontology, else in English, else the last part of its IRI."""
        names = self._graph.texts(iri, _LABEL)
        return names.get(language) or names.get("en") or local_name(iri)

    @cached_property
    def _shapes(self) -> Mapping[NamedNode, Sequence[NamedNode]]:
        """The node shapes that are about each class."""
        found: dict[NamedNode, list[NamedNode]] = {}
        named = (node for node in self._graph if isinstance(node, NamedNode))
        for node in named:
            for target in self._graph.iris(node, _sh("targetClass")):
                found.setdefault(target, []).append(node)
        return found

    def _directly_below(self, cls: NamedNode) -> list[NamedNode]:
        return [each for each in self._graph.subjects(SUBCLASS, cls) if isinstance(each, NamedNode)]

    def _closure(
        self, start: NamedNode, step: Callable[[NamedNode], Iterable[NamedNode]]
    ) -> Iterator[NamedNode]:
        found = [start]
        for each in found:
            yield each
            found.extend(one for one in step(each) if one not in found)

    def _read_form(self, cls: NamedNode) -> FormShape | None:
        shapes = [shape for each in self.superclasses(cls) for shape in self._shapes.get(each, ())]
        if not shapes:
            return None
        own = shapes[0]
        return FormShape(
            name=re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local_name(cls)).lower(),
            kind=self._graph.text(cls, _KIND_IN_ADDRESS) or "",
            cls=cls,
            names=self._graph.texts(own, _RDFS_LABEL) or self._graph.texts(cls, _LABEL),
            help=self._graph.text(own, _COMMENT) or "",
            message=self._graph.text(own, _sh("message")) or "",
            fields=self._read_fields(shapes),
        )

    def _read_fields(self, node_shapes: Sequence[NamedNode]) -> tuple[Field, ...]:
        found: dict[NamedNode, Field] = {}
        for node_shape in node_shapes:
            shapes = self._graph.iris(node_shape, _sh("property"))
            for each in sorted((self._read_field(shape) for shape in shapes), key=_place):
                found[each.path] = _merged(found[each.path], each) if each.path in found else each
        return tuple(sorted(found.values(), key=_place))

    def _read_field(self, shape: NamedNode) -> Field:
        graph = self._graph
        ways = [shape, *(each for each in graph.listed(shape, _sh("or")) if not isinstance(each, Literal))]
        classes = tuple(each for way in ways for each in graph.iris(way, _sh("class")))
        datatypes = tuple(each for way in ways for each in graph.iris(way, _sh("datatype")))
        choices = self._read_choices(ways, classes)
        patterns = tuple(text for way in ways if (text := graph.text(way, _sh("pattern"))))
        languages = (each for each in graph.listed(shape, _sh("languageIn")) if isinstance(each, Literal))
        is_warning = graph.iris(shape, _sh("severity")) == [_sh("Warning")]
        minimum = int(graph.text(shape, _sh("minCount")) or 0)
        most = graph.text(shape, _sh("maxCount"))
        group = next(iter(graph.iris(shape, _sh("group"))), None)
        return Field(
            path=graph.iris(shape, _sh("path"))[0],
            shape=shape,
            shapes=(shape,),
            names=graph.texts(shape, _sh("name")),
            help=graph.text(shape, _sh("description")) or "",
            message=graph.text(shape, _sh("message")) or "",
            kind=kind_of(
                classes=classes,
                choices=choices,
                datatypes=datatypes,
                is_address=any(each.startswith("^http") for each in patterns),
                is_iri=any(graph.iris(way, _sh("nodeKind")) == [_sh("IRI")] for way in ways),
            ),
            classes=classes,
            choices=choices,
            datatypes=datatypes,
            languages=tuple(each.value for each in languages),
            patterns=patterns,
            low=graph.text(shape, _sh("minInclusive")) or graph.text(shape, _sh("minExclusive")),
            high=graph.text(shape, _sh("maxInclusive")) or graph.text(shape, _sh("maxExclusive")),
            minimum=0 if is_warning else minimum,
            maximum=int(most) if most else None,
            is_recommended=is_warning and minimum > 0,
            has_unique_languages=graph.text(shape, _sh("uniqueLang")) == "true",
            group=group,
            group_names=graph.texts(group, _RDFS_LABEL) if group else None,
            group_order=float(graph.text(group, _sh("order")) or "inf") if group else float("inf"),
            order=float(graph.text(shape, _sh("order")) or "inf"),
        )

    def _read_choices(
        self, ways: Iterable[Node], classes: Iterable[NamedNode]
    ) -> tuple[NamedNode | Literal, ...]:
        named = (
            each
            for way in ways
            for each in (*self._graph.listed(way, _sh("in")), *self._graph.values(way, _sh("hasValue")))
        )
        listed = [each for each in named if not isinstance(each, BlankNode)]
        members = [self.choices(each) for each in classes]
        closed = [one for each in members for one in each] if all(members) else []
        return tuple(listed or closed)


def _merged(first: Field, other: Field) -> Field:
    """Join what two shapes say of one property of a class; the first gives names and place."""
    most = [each for each in (first.maximum, other.maximum) if each is not None]
    says_values = first if (first.classes or first.choices or first.datatypes) else other
    return replace(
        first,
        shapes=(*first.shapes, *other.shapes),
        kind=says_values.kind,
        classes=says_values.classes,
        choices=says_values.choices,
        datatypes=says_values.datatypes,
        languages=first.languages or other.languages,
        patterns=tuple(dict.fromkeys((*first.patterns, *other.patterns))),
        low=first.low or other.low,
        high=first.high or other.high,
        minimum=max(first.minimum, other.minimum),
        maximum=min(most) if most else None,
        is_recommended=first.is_recommended or other.is_recommended,
        has_unique_languages=first.has_unique_languages or other.has_unique_languages,
    )


def _place(field: Field) -> tuple[float, float, str]:
    return (field.group_order, field.order, field.path.value)
