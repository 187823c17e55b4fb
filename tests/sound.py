"""Whether a browser sees a page as it is written: a form within a form, a block within a paragraph, an end that is missing.

Two parsers read the page: one takes the tags as they stand, one does as browsers do, which is ten times as dear. So the second
is asked only where elements are nested as on no page before.
"""

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

Path = tuple[str, ...]
KNOWN: set[Path] = set()  # ways from the root to an element, by names, that both have read alike
MADE_BY_BROWSERS = {"tbody", "colgroup"}  # round rows and columns that stand in a table by themselves


def oddly_nested(text: str, soup: BeautifulSoup) -> str | None:
    """The first element that a browser puts elsewhere; `soup` is the page as it stands."""
    written = list(_paths(soup))
    if KNOWN.issuperset(written):
        return None
    seen = list(_paths(BeautifulSoup(text, "html5lib")))
    for one, other in zip(written, seen, strict=False):
        if one != other:
            return f"{' '.join(one)} is for a browser {' '.join(other)}"
    if len(written) != len(seen):
        return f"{len(written)} elements, for a browser {len(seen)}"
    KNOWN.update(written)
    return None


def _paths(node: Tag, above: Path = ()) -> Iterator[Path]:
    for child in node.children:
        if isinstance(child, Tag):
            path = above if child.name in MADE_BY_BROWSERS else (*above, child.name)
            if path is not above:
                yield path
            yield from _paths(child, path)
