"""The GCM knowledge graph: from Turtle files to a served, queryable, citable graph."""
