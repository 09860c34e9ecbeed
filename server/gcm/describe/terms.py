"""The terms that descriptions treat in a way of their own; all others are shown as their shapes say."""

from pyoxigraph import NamedNode

from gcm.vocab import PREFIXES


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


TYPE = _term("rdf:type")
FIRST = _term("rdf:first")
REST = _term("rdf:rest")
LABEL = _term("rdfs:label")
SUBCLASS_OF = _term("rdfs:subClassOf")
VERSION_IRI = _term("owl:versionIRI")
CLASS = _term("owl:Class")
OBJECT_PROPERTY = _term("owl:ObjectProperty")
DATATYPE_PROPERTY = _term("owl:DatatypeProperty")

PREFERRED_LABEL = _term("skos:prefLabel")
ALTERNATIVE_LABEL = _term("skos:altLabel")
NOTATION = _term("skos:notation")
DEFINITION = _term("skos:definition")
TITLE = _term("dcterms:title")
PART_OF = _term("dcterms:isPartOf")
SOURCE = _term("dcterms:source")
DESCRIPTION = _term("dcterms:description")
LICENCE = _term("dcterms:license")
PAGE = _term("foaf:page")
PRIMARY_TOPIC = _term("foaf:primaryTopic")
COMMENT = _term("rdfs:comment")
DATASET = _term("dcat:Dataset")
DERIVED_FROM = _term("prov:wasDerivedFrom")

READ_ON = _term("gcm:readOn")
LOCATOR = _term("gcm:locator")
DESIGNATION_NOTE = _term("gcm:designationNote")
PASSAGE = _term("gcm:Passage")
ABOUT = _term("gcm:isAbout")
ACTOR = _term("gcm:Actor")
BODY_OF = _term("gcm:isBodyOf")
EVENT_KIND = _term("gcm:eventKind")
IN_REGION = _term("gcm:isInRegion")
COUNT_OF = _term("gcm:isCountOf")
AS_OF = _term("gcm:asOf")
QUALIFIER = _term("gcm:qualifier")
VALUE = _term("gcm:value")
UNIT = _term("gcm:unit")
COUNT = _term("gcm:Count")
SERVICE = _term("gcm:Service")
REPORTED_FIGURE = _term("gcm:ReportedFigure")

NODE_SHAPE = _term("sh:NodeShape")
TARGET_CLASS = _term("sh:targetClass")
SHAPE_NODE = _term("sh:node")
SHAPE_PROPERTY = _term("sh:property")
SHAPE_PATH = _term("sh:path")
SHAPE_NAME = _term("sh:name")
SHAPE_DESCRIPTION = _term("sh:description")
SHAPE_ORDER = _term("sh:order")
SHAPE_GROUP = _term("sh:group")
MINIMUM_COUNT = _term("sh:minCount")

#: Where a thing's name is found, the best first.
NAMES = (PREFERRED_LABEL, TITLE, LABEL, _term("foaf:name"), SHAPE_NAME)

#: The licence of the graph, said in every answer.
LICENCE_IRI = NamedNode("https://creativecommons.org/licenses/by/4.0/")
