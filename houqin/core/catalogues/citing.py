"""How a document and its clause are named together. Pure."""


def cited(source: str, clause: str) -> str:
    """The document with its clause; a clause that the document's name says already is not said twice."""
    said = "".join(clause.split())
    return source if said in "".join(source.split()) else f"{source} {clause}"
