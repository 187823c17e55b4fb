"""The picture of a family: who stands where, who hangs below whom, and the same in words."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from caseapp.blueprints.http import genogram


@pytest.fixture(autouse=True)
def english(sqlite: Any) -> Any:
    with sqlite.app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def member(name: str, relation: str, sex: str = "1", born: int | None = 1960, **more: Any) -> Any:
    facts = {"id": uuid4(), "client_id": None, "deceased": False, "lives_here": True} | more
    return SimpleNamespace(name=name, relation_to_head=relation, sex=sex, birth_year=born, **facts)


def link(one: Any, other: Any, kind: str) -> Any:
    return SimpleNamespace(from_id=one.id, to_id=other.id, kind=kind)


def drawn(members: list[Any], links: list[Any] | None = None, own: list[UUID] | None = None) -> Any:
    picture = genogram.draw(members, {}, links or [], own or [])
    return picture, {symbol.name: symbol for symbol in picture.symbols}


def hung(picture: Any, above: Any, below: Any) -> bool:
    """Whether a line leads to the top of `below` from a bar that a line from `above` reaches."""
    bar = below.y - genogram.HALF - 15
    down = any(a == below.x and b == bar and d == below.y - genogram.HALF for a, b, c, d, _cls in picture.lines)
    from_above = [a for a, b, c, d, _cls in picture.lines if a == c and d == bar and abs(a - above.x) <= picture.cell / 2]
    spans = [(a, c) for a, b, c, d, _cls in picture.lines if b == d == bar]
    return down and any(x == below.x or any(a <= x <= c and a <= below.x <= c for a, c in spans) for x in from_above)


def test_nobody_to_be_related_to_gives_no_picture() -> None:
    assert genogram.draw([member("Wang", "head")], {}, []) is None


def test_generations_stand_one_below_the_other() -> None:
    father, head, wife = member("Fu", "father", deceased=True), member("Wang", "head"), member("Li", "wife", "2")
    son, daughter = member("Jun", "son", lives_here=False), member("Mei", "daughter", "2")
    picture, at = drawn([head, wife, son, daughter, father])
    assert at["Fu"].y < at["Wang"].y == at["Li"].y < at["Jun"].y == at["Mei"].y
    assert (at["Wang"].shape, at["Li"].shape) == ("square", "circle")
    tie = next(line for line in picture.lines if line[4] == "tie")
    assert tie[0] == at["Wang"].x + genogram.HALF and tie[2] == at["Li"].x - genogram.HALF
    assert hung(picture, at["Fu"], at["Wang"]) and hung(picture, at["Wang"], at["Jun"]) and hung(picture, at["Wang"], at["Mei"])
    assert not hung(picture, at["Fu"], at["Li"]), "a wife is no child of her father-in-law"
    assert at["Fu"].died and at["Fu"].age == "" and at["Jun"].age and not at["Jun"].here
    assert len(picture.boxes) == 2, "who lives here: the couple in one box, the daughter in another"
    for words in ("Fu: father, male, died", "Jun: son, male, aged", "lives elsewhere"):
        assert words in picture.words


def test_only_what_is_written_down_is_drawn() -> None:
    """A grandchild hangs below the child it is linked to; without a link a dotted line skips the generation."""
    head, son, daughter = member("Wang", "head"), member("Jun", "son"), member("Mei", "daughter", "2")
    known, loose = member("Bao", "grandson"), member("An", "granddaughter", "2")
    husband = member("Liu", "son_in_law")
    links = [link(known, daughter, "son"), link(husband, daughter, "husband")]
    picture, at = drawn([head, son, daughter, husband, known, loose], links)
    assert hung(picture, at["Mei"], at["Bao"]) and not hung(picture, at["Jun"], at["Bao"])
    assert abs(at["Liu"].x - at["Mei"].x) == picture.cell, "a couple stands side by side"
    dotted = [line for line in picture.lines if line[4] == "dotted"]
    assert any(line[0] == at["An"].x for line in dotted) and all(line[0] != at["Bao"].x for line in dotted if line[0] == line[2])


def test_whose_file_it_is_and_what_is_not_known() -> None:
    own = uuid4()
    head, ward = member("Wang", "head", client_id=own), member("A very long name indeed", "ward", "9", None)
    _picture, at = drawn([head, ward], own=[own])
    assert at["Wang"].own
    other = next(symbol for name, symbol in at.items() if name != "Wang")
    assert (other.shape, other.age, other.own) == ("diamond", "", False) and len(other.name) <= 12
