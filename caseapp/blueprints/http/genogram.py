"""A family as a picture: symbols, lines and words, laid out on the server from who is what to the head of the household.

Only what is written down is drawn. A square is a man, a circle a woman, a diamond a person whose sex is not recorded; a cross says
died, a double line whose file is open, a dashed box who lives here; a dotted line skips a generation that nobody wrote down.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from caseapp import reference
from caseapp.blueprints.http.filters import label, tag, word
from caseapp.blueprints.http.people import age_of
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.models.casework import Household
from caseapp.queries.casework import households

CELLS = {"zh": 92, "en": 120}  # width of a place: English words are longer
ROW, HALF, TOP, LABEL = 112, 17, 34, 40  # height of a generation, half a symbol, first row, two lines of words
PARTNERS = ("husband", "wife", "spouse")
CHILDREN = (
    "son",
    "daughter",
    "child",
    "adopted_son",
    "adopted_daughter",
    "adopted_child",
    "stepson",
    "stepdaughter",
    "stepchild",
)


@dataclass
class Symbol:
    """One person in the picture."""

    id: UUID
    name: str
    relation: str
    shape: str  # square, circle, diamond
    age: str
    died: bool
    own: bool  # whose file this is
    here: bool
    generation: int
    bond: str
    words: str
    x: float = 0
    y: float = 0


@dataclass
class Picture:
    """What the macro draws."""

    symbols: list[Symbol]
    cell: int
    width: int
    height: int
    lines: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The whole family in one sentence, for those who do not see the picture."""
        return _("; ").join(symbol.words for symbol in self.symbols)


def of_household(household: Household | None, own: Iterable[UUID] | None = None) -> dict[str, Any]:
    """What a page shows of a household: `relatives` whose files may be opened, and the picture of the `family`."""
    if household is None:
        return {"relatives": {}, "family": None}
    relatives = households.people(household.members)
    return {"relatives": relatives, "family": draw(household.members, relatives, households.links(household), own or relatives)}


def draw(members: Sequence[Any], people: dict[Any, Any], links: Iterable[Any], own: Iterable[UUID] = ()) -> Picture | None:
    """The picture of a household; None where there is nobody to be related to. `own` are the clients whose file is open."""
    if len(members) < 2:
        return None
    ours = set(own)
    symbols = [_symbol(member, people.get(member.client_id), ours) for member in members]
    by_id = {symbol.id: symbol for symbol in symbols}
    kin = {(link.from_id, link.to_id): link.kind for link in links if link.from_id in by_id and link.to_id in by_id}
    rows = _rows(symbols, kin)
    widest, cell = max(2, *(len(row) for row in rows)), CELLS[tag()]
    picture = Picture(symbols, cell, widest * cell, TOP + ROW * (len(rows) - 1) + HALF + LABEL + 6)
    for number, row in enumerate(rows):
        start = (picture.width - len(row) * cell) / 2 + cell / 2
        for place, symbol in enumerate(row):
            symbol.x, symbol.y = start + place * cell, TOP + number * ROW
        _box(picture, row)
    _connect(picture, kin)
    return picture


def _symbol(member: Any, client: Any, ours: set[UUID]) -> Symbol:
    sex = client.sex if client is not None else member.sex
    age = age_of(client) if client is not None else clock.today().year - member.birth_year if member.birth_year else None
    entry = reference.codes("relation").get(member.relation_to_head)
    facts = entry.facts if entry is not None else {}
    name = str(client.name if client is not None else member.name or _("Name not shown"))
    said = [word("relation", member.relation_to_head), word("sex", sex) if sex in ("1", "2") else ""]
    said += [_("aged %(n)s", n=age) if age is not None and not member.deceased else "", _("died") if member.deceased else ""]
    said += ["" if member.lives_here or member.deceased else _("lives elsewhere")]
    return Symbol(
        id=member.id,
        name=name if len(name) <= (6 if tag() == "zh" else 12) else name[:5] + "…",
        relation=label("relation", member.relation_to_head),
        shape={"1": "square", "2": "circle"}.get(sex or "", "diamond"),
        age=str(age) if age is not None and not member.deceased else "",
        died=member.deceased,
        own=member.client_id in ours,
        here=member.lives_here and not member.deceased,
        generation=facts.get("generation", 9),
        bond=facts.get("bond", "other"),
        words=_("%(name)s: %(facts)s", name=name, facts=_(", ").join(part for part in said if part)),
    )


def _rows(symbols: list[Symbol], kin: dict[tuple[UUID, UUID], str]) -> list[list[Symbol]]:
    """The generations, oldest first, each in the order it stands; people without a place in the family come last."""
    rows: dict[int, list[Symbol]] = {}
    order = (
        "kin",
        "sibling",
        "head",
        "partner",
        "grandparent",
        "parent",
        "partner_parent",
        "child",
        "child_partner",
        "grandchild",
    )
    for symbol in sorted(symbols, key=lambda s: order.index(s.bond) if s.bond in order else len(order)):
        row = rows.setdefault(symbol.generation, [])
        beside = _related(symbol, row, kin, PARTNERS) if symbol.bond == "child_partner" else None
        if beside is not None:
            row.insert(row.index(beside) + 1, symbol)
        else:
            row.append(symbol)
    return [rows[generation] for generation in sorted(rows)]


def _related(one: Symbol, others: Iterable[Symbol], kin: dict[tuple[UUID, UUID], str], kinds: Sequence[str]) -> Symbol | None:
    """Whom of the others somebody is a husband, wife or child of."""
    return next((other for other in others if kin.get((one.id, other.id)) in kinds), None)


def _box(picture: Picture, row: list[Symbol]) -> None:
    """One dashed box around neighbours who live here."""
    run: list[Symbol] = []
    for symbol in [*row, None]:
        if symbol is not None and symbol.here:
            run.append(symbol)
        elif run:
            left, right = run[0].x - picture.cell / 2 + 3, run[-1].x + picture.cell / 2 - 3
            picture.boxes.append((left, run[0].y - HALF - 9, right - left, 2 * HALF + LABEL + 12))
            run = []


def _connect(picture: Picture, kin: dict[tuple[UUID, UUID], str]) -> None:
    """Couples, and everybody hung below parents as far as parents are known."""
    at: dict[str, list[Symbol]] = {}
    for symbol in picture.symbols:
        at.setdefault(symbol.bond, []).append(symbol)
    head, partners = next(iter(at.get("head", [])), None), at.get("partner", [])
    if head is None:
        return
    for partner in partners:
        _couple(picture, head, partner)
    children = at.get("child", [])
    for symbol in at.get("child_partner", []):
        spouse = _related(symbol, children, kin, PARTNERS)
        if spouse is not None:
            _couple(picture, spouse, symbol)
    _hang(picture, [head, *partners[:1]], children)
    _hang(picture, at.get("parent", []), [*at.get("sibling", []), head])
    if not at.get("parent") and at.get("sibling"):
        _hang(picture, [], [*at["sibling"], head])
    if partners:
        _hang(picture, at.get("partner_parent", []), partners[:1])
    _grandchildren(picture, [head, *partners[:1]], children, at, kin)


def _grandchildren(picture: Picture, top: list[Symbol], children: list[Symbol], at: Any, kin: Any) -> None:
    """Below the parent that is written down, else below the grandparents with a dotted line."""
    loose = []
    for symbol in at.get("grandchild", []):
        parent = _related(symbol, children, kin, CHILDREN)
        if parent is not None:
            _hang(picture, [parent], [symbol])
        else:
            loose.append(symbol)
    if loose:
        _hang(picture, top, loose, "dotted", aside=bool(children))


def _couple(picture: Picture, one: Symbol, other: Symbol) -> None:
    left, right = sorted((one, other), key=lambda s: s.x)
    picture.lines.append((left.x + HALF, left.y, right.x - HALF, right.y, "tie"))


def _hang(picture: Picture, parents: list[Symbol], below: list[Symbol], cls: str = "", *, aside: bool = False) -> None:
    """A line down from between the parents (or from under one of them), a bar, and a line to each child."""
    if not below or (not parents and len(below) < 2):
        return
    bar = below[0].y - HALF - 15
    xs = [symbol.x for symbol in below]
    if parents:
        x = sum(parent.x for parent in parents) / len(parents)
        start = parents[0].y if len(parents) > 1 else parents[0].y + HALF + LABEL
        if aside:
            x = x + picture.cell / 2 if len(parents) == 1 else x
        picture.lines.append((x, start, x, bar, cls))
        xs = [*xs, x]
    if max(xs) > min(xs):
        picture.lines.append((min(xs), bar, max(xs), bar, cls))
    picture.lines += [(symbol.x, bar, symbol.x, symbol.y - HALF, cls) for symbol in below]
