"""Texts of a questionnaire that we may not ship: an agency that holds a licence lays them beside the structure.

A file in `data/instruments/local/` with `texts_for` (code) and `version` gives words to items and options of an instrument
that ships its structure only; what it does not name stays without words. README there says how.
"""

from collections.abc import Mapping
from typing import Any

from caseapp.reference.files import insist


def with_texts(data: dict[str, Any], texts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The data of an instrument, its bare items and options filled from the file that is meant for it, if there is one."""
    for where, given in texts.items():
        if (given["texts_for"], str(given["version"])) == (data["code"], str(data["version"])):
            return _filled(data, given, where)
    return data


def _filled(data: dict[str, Any], given: dict[str, Any], where: str) -> dict[str, Any]:
    insist(data.get("structure_only"), f"{where}: {data['code']} ships with its own words")
    insist(given.get("licence_zh") and given.get("licence_en"), f"{where}: says not in both languages under which licence")
    known = {item["code"] for item in _items(data)}
    insist(given["items"].keys() == known, f"{where}: gives words to other items than {sorted(known)}")
    more = {name: given[name] for name in ("licence_zh", "licence_en")}
    if "items" in data:
        return {**data, **more, "structure_only": False, "items": [_item(item, given) for item in data["items"]]}
    groups = [{**group, "items": [_item(item, given) for item in group["items"]]} for group in data["groups"]]
    return {**data, **more, "structure_only": False, "groups": groups}


def _items(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [*data.get("items", ()), *(item for group in data.get("groups", ()) for item in group["items"])]


def _item(item: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """An item with its words; words for scores stand with the item, or for all items under `options`."""
    own = given["items"][item["code"]]
    words = {**given.get("options", {}), **own.get("options", {})}
    options = [{**option, **words.get(str(option["score"]), {})} for option in item["options"]]
    return {**item, **{name: own[name] for name in ("zh", "en")}, "options": options}
