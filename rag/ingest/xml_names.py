"""Names of XML elements without their namespaces."""

from lxml import etree


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace, as written; "rdf" in lower case; empty for comments."""
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.rsplit("}", 1)[-1]
    return "rdf" if name == "RDF" else name
