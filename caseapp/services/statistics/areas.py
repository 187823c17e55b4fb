"""Publication areas: which areas stand alone and which are merged for the year; pure, from the tree and the persons on file."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from caseapp.queries.statistics.places import Node

COMMA = "\u3001"  # between names of merged areas


@dataclass(frozen=True)
class Area:
    """One published area. `roots` are the codes of the tree it covers with all below; a leaf has no areas under it."""

    code: str
    name: str
    level: str
    parent: str | None
    path: str  # the organisation whose officers and those above read it
    roots: tuple[str, ...]
    leaf: bool

    def plain(self) -> dict[str, Any]:
        """As kept with a release."""
        return asdict(self)


def read(plain: Sequence[Mapping[str, Any]]) -> list[Area]:
    """Areas as kept with a release."""
    return [Area(**{**entry, "roots": tuple(entry["roots"])}) for entry in plain]


def areas(nodes: Sequence[Node], on_file: Mapping[str, int], least: int, earlier: Sequence[Area] = ()) -> list[Area]:
    """The areas in order of the tree, parents first.

    Siblings with fewer than `least` persons become one area, with the smallest others while they stay below it; where
    that takes all siblings, their parent is not divided. Areas of an earlier release of the year stay as they are; what
    has come into the tree since joins them.
    """
    tree = _Tree(nodes, on_file)
    found = list(earlier)
    if not found:
        for root in tree.children[None]:
            _divide(tree, root, None, least, found)
        return found
    covered = {root for area in found for root in area.roots}
    for node in nodes:
        if node.code not in covered and not any(root in covered for root in tree.above(node.code) if _is_leaf(found, root)):
            _join(tree, node, least, found, covered)
    order = {node.code: place for place, node in enumerate(nodes)}
    return sorted(found, key=lambda area: (min(order.get(root, -1) for root in area.roots), len(area.path)))


class _Tree:
    def __init__(self, nodes: Sequence[Node], on_file: Mapping[str, int]) -> None:
        self.nodes = {node.code: node for node in nodes}
        self.children: dict[str | None, list[Node]] = defaultdict(list)
        self.persons: dict[str, int] = defaultdict(int)
        for node in nodes:
            self.children[node.parent].append(node)
        for code, count in on_file.items():
            for above in (code, *self.above(code)):
                self.persons[above] += count

    def above(self, code: str) -> list[str]:
        """The ancestors of a node, nearest first."""
        found = []
        node = self.nodes.get(code)
        while node and node.parent:
            found.append(node.parent)
            node = self.nodes.get(node.parent)
        return found


def _divide(tree: _Tree, node: Node, parent: str | None, least: int, found: list[Area]) -> None:
    children = tree.children[node.code]
    merged = _too_small(tree, children, least)
    alone = [child for child in children if child not in merged]
    place = len(found)
    found.append(Area(node.code, node.name, node.level, parent, node.path, (node.code,), leaf=not alone))
    for child in alone:
        _divide(tree, child, node.code, least, found)
    if alone and merged:
        found.append(_merge(found[place], merged))


def _too_small(tree: _Tree, children: list[Node], least: int) -> list[Node]:
    small = [child for child in children if tree.persons[child.code] < least]
    others = sorted((c for c in children if c not in small), key=lambda c: (tree.persons[c.code], c.code))
    while small and others and sum(tree.persons[child.code] for child in small) < least:
        small.append(others.pop(0))
    return sorted(small, key=lambda child: child.code)


def _merge(parent: Area, members: Sequence[Node]) -> Area:
    name = COMMA.join(member.name for member in members)
    return Area(
        code=f"{parent.code}-1",
        name=name if len(name) <= 120 else name[:119] + "\u2026",
        level=members[0].level,
        parent=parent.code,
        path=parent.path,
        roots=tuple(member.code for member in members),
        leaf=True,
    )


def _is_leaf(found: Sequence[Area], root: str) -> bool:
    return any(area.leaf and root in area.roots for area in found)


def _join(tree: _Tree, node: Node, least: int, found: list[Area], covered: set[str]) -> None:
    """A newcomer of the year: an area of its own when it is large enough, else a part of the smallest one beside it."""
    beside = [area for area in found if area.parent == node.parent and area.leaf]
    parent = next((area for area in found if node.parent in area.roots), None)
    if tree.persons[node.code] >= least or not beside or parent is None:
        found.append(
            Area(node.code, node.name, node.level, node.parent, node.path, (node.code,), leaf=not tree.children[node.code])
        )
    else:
        host = min(beside, key=lambda area: (sum(tree.persons[root] for root in area.roots), area.code))
        members = [tree.nodes[code] for code in (*host.roots, node.code) if code in tree.nodes]
        grown = _merge(parent, members)
        found[found.index(host)] = Area(
            host.code, grown.name, host.level, host.parent, host.path, (*host.roots, node.code), leaf=True
        )
    covered.add(node.code)


def cover(found: Sequence[Area], nodes: Sequence[Node]) -> dict[str, list[str]]:
    """Fact area → the published areas whose totals it is part of, the deepest first."""
    by_root = {root: area for area in found for root in area.roots}
    by_code = {area.code: area for area in found}
    parents = {node.code: node.parent for node in nodes}
    chains: dict[str, list[str]] = {}
    for node in nodes:
        code: str | None = node.code
        while code and code not in by_root:
            code = parents.get(code)
        chain, area = [], by_root.get(code or "")
        while area:
            chain.append(area.code)
            area = by_code.get(area.parent or "")
        chains[node.code] = chain
    return chains
