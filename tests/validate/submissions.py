"""Submissions to the tiny world, for tests of the engine; all of it is invented."""

from gcm.given import Form, Given

HEADER = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix document: <https://w3id.org/gcm/id/document/> .
@prefix gcm: <https://w3id.org/gcm/ontology/> .
@prefix gcmd: <https://w3id.org/gcm/data/> .
@prefix objective: <https://w3id.org/gcm/id/objective/> .
@prefix organization: <https://w3id.org/gcm/id/organization/> .
@prefix place: <https://w3id.org/gcm/id/place/> .
@prefix pledge: <https://w3id.org/gcm/id/pledge/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
#: The header of a dataset.
DATASET = """\
gcmd:submitted
    a dcat:Dataset ;
    dcterms:conformsTo <https://w3id.org/gcm/ontology/0.1.0> ;
    dcterms:description "Invented for tests."@en ;
    dcterms:issued "2024-05-17"^^xsd:date ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:modified "2024-05-17"^^xsd:date ;
    dcterms:publisher organization:901 ;
    dcterms:rights "Invented for tests."@en ;
    dcterms:source document:901 ;
    dcterms:title "Submitted"@en ;
    gcm:readOn "2024-05-17"^^xsd:date ;
.
"""
#: A pledge.
PLEDGE = """\

pledge:8001
    a gcm:Pledge ;
    dcterms:date "2024-05-17"^^xsd:date ;
    gcm:isAbout objective:7 ;
    gcm:isMadeBy place:ZZA ;
    gcm:objectivesKnown gcm:SomeKnown ;
    prov:wasDerivedFrom document:901 ;
    skos:prefLabel "Invented pledge to look further"@en ;
.
"""
WHOLE = HEADER + DATASET + PLEDGE


def turtle(text: str, name: str = "mine.ttl") -> Given:
    """Give a Turtle text."""
    return Given(name, text.encode(), Form.TURTLE)
